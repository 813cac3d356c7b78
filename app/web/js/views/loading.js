/** What has to be asked for first. */

import { fill, h } from "../dom.js";
import { problem } from "./empty.js";

/**
 * `draw(answer, again)` answers elements; until then a word stands there, or why it did not work.
 * Shape: {element, load}
 */
export function loading(ask, draw) {
  const note = h("p", { class: "note", role: "status" }, "Loading …");
  const element = h("div", { class: "part", tabindex: -1 }, note);

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
