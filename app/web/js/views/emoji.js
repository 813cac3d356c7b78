/** Picking an emoji: by its name, by the arrow keys, or by a look. */

import { fill, h } from "../dom.js";
import { EMOJIS } from "../emojis.js";
import { openPopover, walk } from "./popover.js";

const COLUMNS = 8;

/** `pick(emoji)` is called with one, when the picker has closed. */
export function openEmojiPicker(anchor, pick, back) {
  const grid = h("div.emojis", { role: "group", label: "Emoji" });
  const none = h("p.hint", { role: "status" });
  const search = h("input", {
    type: "search",
    autocomplete: "off",
    placeholder: "Find an emoji",
    label: "Find an emoji",
    oninput: show,
    onkeydown: pressed,
  });

  function show() {
    const words = search.value.trim().toLowerCase();
    const found = EMOJIS.filter(({ emoji, name }) => name.includes(words) || emoji === words);
    fill(grid, ...found.map(({ emoji, name }) => button(emoji, name)));
    none.textContent = found.length ? "" : "None of these has such a name.";
  }

  function button(emoji, name) {
    const named = { title: name, label: name };
    return h("button", { ...named, onclick: () => take(emoji) }, emoji);
  }

  function take(emoji) {
    close();
    pick(emoji);
  }

  function pressed(event) {
    if (event.key === "Enter") grid.firstChild?.click();
    else if (event.key === "ArrowDown") grid.firstChild?.focus();
    else return;
    event.preventDefault();
  }

  const move = (event) => walk(event, [...grid.children], COLUMNS);
  grid.addEventListener("keydown", move);
  show();
  const label = { role: "dialog", label: "Pick an emoji", class: "emoji-picker" };
  const close = openPopover(h("div", label, search, none, grid), anchor, back);
  search.focus();
}
