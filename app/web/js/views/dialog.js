/** Windows above the page, what they ask and what they tell. The browser gives the focus back. */

import { fill, h, say } from "../dom.js";
import { iconButton } from "../icons.js";

let ids = 0;

/** Opens it, and answers how to close it. */
export function openDialog(title, ...content) {
  return openWindow("", title, content);
}

/** One that is filled later: {body, close}. */
export function openFrame(title, name) {
  const body = h("div.part", h("p.note", { role: "status" }, "Loading …"));
  return { body, close: openWindow(name, title, [body]) };
}

/** `closed()` is called when it is, by whatever. */
export function openWindow(name, title, content, closed) {
  const id = `dialog${ids++}`;
  const opener = document.activeElement;
  const around = opener.closest("[tabindex]");
  const close = () => dialog.close();
  const head = h("header", h("h2", { id }, title), iconButton("close", "Close", close));
  const dialog = h(
    "dialog.dialog",
    { class: name, "aria-labelledby": id, onclose: leave, onclick: byBackdrop },
    h("div.dialog-body", head, ...content),
  );

  /** What it was opened by may be gone: then to what that stood in. */
  function leave() {
    dialog.remove();
    if (!opener.isConnected) around?.focus();
    closed?.();
  }

  document.body.append(dialog);
  dialog.showModal();
  return close;
}

/** But not by the second half of the double click that opened it. */
function byBackdrop(event) {
  if (event.detail < 2 && event.target === event.currentTarget) event.currentTarget.close();
}

/** Stays open, with the reason, when it did not work. */
export function ask({ title, words, button, act }) {
  const go = attempt(button, () => act().then(close), "danger");
  const stay = h("button", { autofocus: true, onclick: () => close() }, "Cancel");
  const close = openDialog(title, ...words, go.problem, h("div.buttons", stay, go.button));
}

/** A button, and the place for why it did not work. */
export function attempt(words, act, className = "") {
  const problem = h("p.error", { role: "alert" });
  const button = h("button.primary", { class: className, onclick: run }, words);

  async function run() {
    button.disabled = true;
    fill(problem);
    try {
      await act();
    } catch (error) {
      say(problem, error.message);
      button.disabled = false;
    }
  }

  return { problem, button };
}

export function tell(words) {
  openDialog("That did not work", h("p", { role: "alert" }, words));
}
