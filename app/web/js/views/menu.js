/** What may be done with a message, as a menu. */

import { h } from "../dom.js";
import { QUICK } from "../emojis.js";
import { openPopover, walk } from "./popover.js";

/** Shape of an item: {label, act, isDanger}. */
export function openMenu(anchor, items, react, back) {
  const press = (act) => () => {
    close();
    act();
  };
  const quick = ({ emoji, name }) =>
    item(
      { "aria-label": `React with ${name}`, title: name, onclick: press(() => react(emoji)) },
      emoji,
    );
  const line = ({ label, act, isDanger }) =>
    item({ class: isDanger ? "is-danger" : null, onclick: press(act) }, label);
  const menu = h(
    "div",
    { class: "menu", role: "menu", "aria-label": "Message", onkeydown: move },
    h("div", { class: "quick", role: "group", "aria-label": "React" }, ...QUICK.map(quick)),
    ...items.map(line),
  );

  function move(event) {
    if (event.key === "Tab") close();
    else walk(event, [...menu.querySelectorAll("button")]);
  }

  const close = openPopover(menu, anchor, back);
  menu.querySelector("button")?.focus();
}

function item(attributes, words) {
  return h("button", { role: "menuitem", ...attributes }, words);
}
