// The key "/" leads to the search from everywhere; Escape leaves the field again. Never while somebody is typing.
const TYPED_INTO = "input, textarea, select, [contenteditable]:not([contenteditable='false'])";
let cameFrom = null;

// The field that can be seen now: the page's own, else the one in the head of the page.
function field() {
  const all = [...document.querySelectorAll("input[data-search], #searchbar")];
  return all.reverse().find((each) => each.checkVisibility());
}

function begin(event) {
  const box = field();
  const link = document.querySelector("a[data-search]");
  if (!box && !link) return;
  event.preventDefault();
  if (!box) return link.click();
  cameFrom = document.activeElement;
  box.focus();
  box.select();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  const typing = event.target.closest?.(TYPED_INTO);
  if (event.key === "/" && !typing) begin(event);
  if (event.key === "Escape" && typing?.matches("input[data-search]")) {
    typing.blur();
    cameFrom?.focus?.();
    cameFrom = null;
  }
});
