// Buttons that copy: <button data-copy="id of an element" data-copied="words" hidden>, or with the text itself in
// data-copy-text. Beside it stands an element with role="status". Without this file there is no button.
document.querySelectorAll("[data-copy], [data-copy-text]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(button.dataset.copyText ?? source.value ?? source.textContent);
    } catch {
      const field = source?.select ? source : button.parentElement.querySelector("input");
      if (source && !source.select) getSelection().selectAllChildren(source);
      else field.select();
      document.execCommand("copy");
    }
    status.textContent = button.dataset.copied;
  });
});
