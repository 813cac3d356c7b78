/** Windows in which one finds by typing: the field is there at once, the rest may come behind it. */

import { h, say } from "../dom.js";
import { openDialog } from "./dialog.js";

/** So that not every letter is a request. */
const PAUSE_MS = 200;

/** For `openFinder`, where one looks for people. */
export const PEOPLE = {
  label: "With whom?",
  placeholder: "A name or username",
  hint: "Begin to type a name.",
};

/** Shape: {input, note, body: where the rest is put, close} */
export function openFinder({ title, label, placeholder, hint }) {
  const kind = { type: "text", role: "searchbox", autocomplete: "off", maxlength: 200 };
  const input = h("input", { ...kind, placeholder, autofocus: true });
  const note = h("p.hint", { role: "status" }, hint);
  const body = h("div.part", h("label.field", label, input), note);
  return { input, note, body, close: openDialog(title, body) };
}

/** Answers a function to be called with each letter; `find(signal)` is, after the last of them. */
export function findSoon(note, find) {
  let timer, asking;
  async function ask() {
    asking?.abort();
    asking = new AbortController();
    try {
      await find(asking.signal);
    } catch (error) {
      if (error.name !== "AbortError") say(note, error.message);
    }
  }
  return () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  };
}
