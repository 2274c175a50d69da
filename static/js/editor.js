// Gives each rich-text editor the name of its field: the editor replaces the labelled textarea with a box without one.
function name(textarea) {
  const label = document.querySelector(`label[for="${CSS.escape(textarea.id)}"]`);
  const box = textarea.closest(".prose-editor")?.querySelector('[contenteditable="true"]');
  if (!label || !box) return;
  label.id ||= `${textarea.id}_label`;
  box.setAttribute("role", "textbox");
  box.setAttribute("aria-multiline", "true");
  box.setAttribute("aria-labelledby", label.id);
  const described = textarea.getAttribute("aria-describedby");
  if (described) box.setAttribute("aria-describedby", described);
  label.addEventListener("click", () => box.focus());
}

document.addEventListener("prose-editor:ready", (event) => name(event.detail.textarea));
document.querySelectorAll(".prose-editor > textarea").forEach(name);
