// Cleans what is pasted into the rich-text editor, before the editor takes it apart.
import { Extension, pm } from "django-prose-editor/editor";
import { clean, words } from "./pasted.js";

export const PasteCleanup = Extension.create({
  name: "pasteCleanup",
  addProseMirrorPlugins() {
    // What was copied in the editor itself is right already.
    const transformPastedHTML = (html) => (html.includes("data-pm-slice") ? html : clean(html, words()));
    return [new pm.state.Plugin({ props: { transformPastedHTML } })];
  },
});
