// Pasting into plain boxes: lists, headings, tables and links of Word, Outlook, Google Docs and web pages keep their shape
// as text, and addresses are those behind Safe Links. The cleaner is fetched when somebody enters a box.
let cleaner = null;

const isPlainBox = (node) => node instanceof HTMLTextAreaElement || (node instanceof HTMLInputElement && /^(url|text|search)$/.test(node.type));

function insert(box, text) {
  // Takes part in undoing; where it is refused the text is set and told by hand.
  if (document.execCommand("insertText", false, text)) return;
  box.setRangeText(text, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("focusin", async ({ target }) => {
  if (isPlainBox(target)) cleaner ??= await import("./pasted.js");
});

document.addEventListener("paste", (event) => {
  const box = event.target;
  if (!cleaner || event.defaultPrevented || !isPlainBox(box) || box.readOnly || box.dataset.pasteAsIs !== undefined) return;
  const plain = event.clipboardData.getData("text/plain");
  const html = box instanceof HTMLTextAreaElement ? event.clipboardData.getData("text/html") : "";
  const cleaned = html ? cleaner.clean(html, cleaner.words()) : "";
  const hasShape = /<(li|h2|h3|td|th|a)\b/.test(cleaned);
  const text = hasShape ? cleaner.asText(cleaned, box.dataset.marks !== undefined) : cleaner.unwrappedText(plain);
  if (!text || text === plain) return;
  event.preventDefault();
  insert(box, text);
});
