/** A list of things, each with what is known of it, and a button that ends it. */

import { h } from "../dom.js";
import { ask } from "./asking.js";

export function lines(things, line) {
  return h("ul", { class: "lines" }, ...things.map(line));
}

/** `question` is asked before, as `ask` takes it; `end` is instead of it. */
export function line({ name, badge, hints, button, label, question, end }) {
  const press = { "aria-label": label, onclick: end || (() => ask(question)) };
  return h(
    "li",
    {},
    h(
      "div",
      { class: "names" },
      h("p", { dir: "auto" }, h("strong", {}, name), badge && h("span", { class: "badge" }, badge)),
      ...hints.map((hint) => h("p", { class: "hint" }, hint)),
    ),
    button && h("button", press, button),
  );
}
