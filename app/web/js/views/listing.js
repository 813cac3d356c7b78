/** What has to be asked for first; and lists of it, each line with a button that ends it. */

import { fill, h } from "../dom.js";
import { ask } from "./dialog.js";
import { problem } from "./empty.js";

/**
 * `draw(answer, again)` answers elements; until then a word stands there, or why it did not work.
 * Shape: {element, load}
 */
export function loading(ask, draw) {
  const note = h("p.note", { role: "status" }, "Loading …");
  const element = h("div.part", { tabindex: -1 }, note);

  async function load() {
    try {
      put(draw(await ask(), load));
    } catch (error) {
      put([problem(error, load)]);
    }
  }

  /** What had the focus may be gone. */
  function put(elements) {
    const hadFocus = element.contains(document.activeElement);
    fill(element, ...elements);
    if (hadFocus) element.focus();
  }

  load();
  return { element, load };
}

export function lines(things, line) {
  return h("ul.lines", ...things.map(line));
}

/** `question` is asked before, as `ask` takes it; `end` is instead of it. */
export function line({ name, badge, hints, button, label, question, end }) {
  const press = { label, onclick: end || (() => ask(question)) };
  return h(
    "li",
    h(
      "div.names",
      h("p", { dir: "auto" }, h("strong", name), badge && h("span.badge", badge)),
      ...hints.map((hint) => h("p.hint", hint)),
    ),
    button && h("button", press, button),
  );
}
