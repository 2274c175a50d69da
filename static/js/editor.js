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

// Names its buttons too: it knows them in English only, the desk's own words come from locale/*/LC_MESSAGES/djangojs.po.
function translate(editor) {
  const say = window.gettext ?? ((words) => words);
  editor.querySelectorAll(".prose-menubar [title]").forEach((button) => {
    button.title = say(button.title);
    button.setAttribute("aria-label", button.title);
  });
  editor.querySelectorAll(".prose-menubar__option > *").forEach((option) => {
    option.textContent = say(option.textContent);
  });
}

function mend(textarea) {
  name(textarea);
  const editor = textarea.closest(".prose-editor");
  if (!editor) return;
  translate(editor);
  new MutationObserver(() => translate(editor)).observe(editor, { childList: true });
}

document.addEventListener("prose-editor:ready", (event) => mend(event.detail.textarea));
document.querySelectorAll(".prose-editor > textarea").forEach(mend);
