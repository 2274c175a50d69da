// A decision or a task that was sent and did not arrive, because the sign-in had ended or the connection broke, comes
// back into its box. It has arrived when a row of the same part of the page holds its words.
const FIELDS = ["text", "owner", "owner_name", "due_on"];

function boxes(form) {
  return FIELDS.map((name) => form.elements[name]).filter(Boolean);
}

function hasArrived(form, sent) {
  const rows = [...form.closest("section").querySelectorAll(".minutes-rows li")];
  return rows.some((row) => row.textContent.includes(sent.text.trim()));
}

function fill(form, sent) {
  for (const box of boxes(form)) box.value = sent[box.name] ?? "";
  const told = document.createElement("p");
  told.className = "meta";
  told.setAttribute("role", "status");
  told.textContent = form.closest("section").querySelector("[data-found]").dataset.found;
  form.before(told);
  form.closest("details").open = true;
}

for (const form of document.querySelectorAll(".minutes-add .line-form")) {
  const key = `line:${form.getAttribute("action")}:${form.elements.item.value}`;
  const sent = JSON.parse(sessionStorage.getItem(key) ?? "null");
  if (sent && !form.elements.text.value && !hasArrived(form, sent)) fill(form, sent);
  else sessionStorage.removeItem(key);
  form.addEventListener("submit", () => {
    sessionStorage.setItem(key, JSON.stringify(Object.fromEntries(boxes(form).map((box) => [box.name, box.value]))));
  });
}
