/** Something to take elsewhere: a secret, or a link. */

import { announce, fill, h, say } from "../dom.js";

/** Where a page may not write to the clipboard, all of it is marked, to be copied by hand. */
export function copyable(label, text, rows = 1) {
  const attributes = { readonly: true, label, spellcheck: "false", onfocus: () => words.select() };
  const words = h("textarea.copyable", { rows, value: text, ...attributes });
  const button = h("button", copy, "Copy");
  const note = h("p.hint", { role: "status" });

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      fill(button, "Copied");
      announce(`${label} is copied.`);
    } catch {
      words.focus();
      say(note, "This browser does not let ChatFlow copy. It is marked: copy it by hand.");
    }
  }

  return h("div.field", h("div.copy", words, button), note);
}
