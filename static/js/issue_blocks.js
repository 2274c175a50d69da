// Blocks of an issue move up and down by buttons; without JavaScript the number of the order does the same.
function blocks() {
  return [...document.querySelectorAll(".issue-blocks .inline-related:not(.empty-form)")];
}

function number() {
  blocks().forEach((block, index) => {
    const order = block.querySelector("input[name$='-order']");
    if (order) order.value = index + 1;
  });
}

function move(block, step) {
  const all = blocks();
  const other = all[all.indexOf(block) + step];
  if (!other) return;
  if (step < 0) other.before(block);
  else other.after(block);
  number();
}

function button(block, step, sign, words) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "issue-move";
  made.textContent = sign;
  const name = block.querySelector(".inline_label")?.textContent.trim() ?? "";
  made.setAttribute("aria-label", `${words}: ${name}`);
  made.title = words;
  made.addEventListener("click", () => {
    move(block, step);
    made.focus();
  });
  return made;
}

function equip(block) {
  const head = block.querySelector("h3");
  const group = block.closest(".issue-blocks");
  head.append(button(block, -1, "↑", group.dataset.up), button(block, 1, "↓", group.dataset.down));
}

window.addEventListener("load", () => {
  blocks().forEach(equip);
  document.addEventListener("formset:added", (event) => {
    equip(event.target);
    number();
  });
});
