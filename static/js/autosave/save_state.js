// The line that tells honestly whether a text is saved: `kind` is "saved", "unsaved", or nothing while it is not known.

export function tell(line, words, kind = "") {
  line.textContent = words;
  line.classList.toggle("is-saved", kind === "saved");
  line.classList.toggle("is-unsaved", kind === "unsaved");
}
