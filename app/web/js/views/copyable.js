/** Something to take elsewhere: a secret, or a link. */

import { announce, h } from "../dom.js";

/** Where a page may not write to the clipboard, all of it is marked, to be copied by hand. */
export function copyable(label, text, rows = 1) {
  const attributes = {
    readonly: true,
    "aria-label": label,
    spellcheck: "false",
    onfocus: () => words.select(),
  };
  const words = h("textarea", { class: "copyable", rows, value: text, ...attributes });
  const button = h("button", { onclick: copy }, "Copy");

  async function copy() {
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
      announce(`${label} is copied.`);
    } catch {
      words.focus();
    }
  }

  return h("div", { class: "copy" }, words, button);
}
