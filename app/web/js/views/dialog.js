/** A window above the page: the browser keeps the focus in it, and gives it back. */

import { h } from "../dom.js";
import { icon } from "../icons.js";

let ids = 0;

/** Opens it, and answers how to close it. */
export function openDialog(title, ...content) {
  return openWindow("dialog", title, content);
}

/** `closed()` is called when it is, by whatever. */
export function openWindow(name, title, content, closed) {
  const id = `dialog${ids++}`;
  const opener = document.activeElement;
  const around = opener.closest("[tabindex]");
  const close = () => dialog.close();
  const dialog = h(
    "dialog",
    { class: name, "aria-labelledby": id, onclose: leave, onclick: byBackdrop },
    h(
      "div",
      { class: "dialog-body" },
      h("header", {}, h("h2", { id }, title), iconButton("close", "Close", close)),
      ...content,
    ),
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

function byBackdrop(event) {
  if (event.target === event.currentTarget) event.currentTarget.close();
}

export function iconButton(name, label, onclick, className = "") {
  const attributes = { class: `icon-button ${className}`, "aria-label": label };
  return h("button", { ...attributes, title: label, onclick }, icon(name));
}
