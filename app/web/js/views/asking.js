/** Asking before what cannot be undone, and telling what did not work. */

import { h } from "../dom.js";
import { openDialog } from "./dialog.js";

/** Stays open, with the reason, when it did not work. */
export function ask({ title, words, button, act }) {
  const problem = h("p", { class: "error", role: "alert" });
  const go = h("button", { class: "primary danger", onclick: run }, button);
  const stay = h("button", { autofocus: true, onclick: () => close() }, "Cancel");
  const close = openDialog(title, ...words, problem, h("div", { class: "buttons" }, stay, go));

  async function run() {
    go.disabled = true;
    try {
      await act();
      close();
    } catch (error) {
      problem.textContent = error.message;
      go.disabled = false;
    }
  }
}

export function tell(title, words) {
  openDialog(title, h("p", { role: "alert" }, words));
}
