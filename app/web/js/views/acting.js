/**
 * Doing something with a message: a few buttons where the pointer or the focus is, and a menu by
 * them, by Enter, and by a long press.
 */

import { announce, h } from "../dom.js";
import { nameOfEmoji } from "../emojis.js";
import { toggleReaction } from "../state/acts.js";
import { conversation } from "../state/conversations.js";
import { historyOf } from "../state/histories.js";
import { tell } from "./asking.js";
import { iconButton } from "./dialog.js";
import { openEmojiPicker } from "./emoji.js";
import { openVersions } from "./later.js";
import { openMenu } from "./menu.js";
import { itemsFor } from "./message_menu.js";
import { rowOf } from "./row_focus.js";

/** As long as phones take a press to be a long one. */
const LONG_PRESS_MS = 500;

export class Acting {
  /** `focus`: a RowFocus. Of `doing`, `reply` and `edit` take a message, `show` a seq. */
  constructor(id, list, focus, doing) {
    this.id = id;
    this.focus = focus;
    this.doing = doing;
    this.bar = h(
      "div",
      { class: "acting", hidden: true },
      iconButton("smile", "React", () => this.#pick(this.message, this.bar)),
      iconButton("reply", "Reply", () => this.doing.reply(this.message)),
      iconButton("more", "More", () => this.#openMenu(this.message, this.bar)),
    );
    // By keys there is the menu.
    for (const button of this.bar.children) button.tabIndex = -1;
    list.setAttribute("aria-describedby", "message-keys");
    this.#listen(list);
  }

  #listen(list) {
    const listeners = {
      pointerover: (event) => event.pointerType === "mouse" && this.#turnTo(event.target),
      focusin: (event) => this.#turnTo(event.target),
      keydown: (event) => this.#pressed(event),
      click: (event) => this.#clicked(event),
      pointerdown: (event) => this.#touched(event),
      contextmenu: (event) => this.pressedAt && event.preventDefault(),
      pointerup: (event) => this.#letGo(event),
      pointercancel: () => (this.pressedAt = null), // It scrolls.
    };
    for (const [type, listener] of Object.entries(listeners)) list.addEventListener(type, listener);
  }

  /** That of the row one turned to last. */
  get message() {
    return historyOf(this.id)?.messages.find((one) => one.seq === this.seq);
  }

  #turnTo(target) {
    const row = rowOf(target);
    if (!row) return;
    this.seq = Number(row.dataset.seq);
    this.#place(row);
  }

  hide() {
    this.bar.hidden = true;
  }

  render() {
    if (!this.bar.hidden) this.#place(this.focus.row(this.seq));
  }

  #place(row) {
    this.bar.hidden = !row || !isThere(this.message);
    if (this.bar.hidden) return;
    this.bar.style.top = `${row.offsetTop}px`;
    this.bar.style.left = `${row.offsetLeft + row.offsetWidth}px`;
  }

  #pressed(event) {
    const row = event.target;
    if (!row.dataset.seq || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Enter", " ", "ContextMenu"].includes(event.key)) this.#openMenu(this.message, row);
    else if (event.key === "r") this.doing.reply(this.message);
    else if (event.key === "e") this.doing.edit(this.message);
    else if (event.key === "ArrowUp") this.focus.step(row, -1);
    else if (event.key === "ArrowDown") this.focus.step(row, 1);
    else return;
    event.preventDefault();
  }

  #clicked(event) {
    const pressed = event.target.closest("[data-act]");
    if (!pressed) return;
    this.#turnTo(pressed);
    const { act, emoji, seqOf } = pressed.dataset;
    if (act === "quote") this.doing.show(Number(seqOf));
    else if (act === "react") this.#react(this.message, emoji);
    else if (act === "pick") this.#pick(this.message, pressed);
    else if (act === "versions") openVersions(this.message);
  }

  #touched(event) {
    if (event.pointerType !== "touch" || !rowOf(event.target)) return;
    this.#turnTo(event.target);
    this.pressedAt = event.timeStamp;
  }

  /** The menu opens behind the lifting of the finger, which would close it. */
  #letGo({ timeStamp }) {
    const isLong = this.pressedAt && timeStamp - this.pressedAt >= LONG_PRESS_MS;
    this.pressedAt = null;
    if (isLong) setTimeout(() => this.#openMenu(this.message, this.focus.row(this.seq)));
  }

  #openMenu(message, anchor) {
    const known = conversation(this.id);
    if (!isThere(message) || !known) return;
    const picker = () => this.#pick(message, this.focus.row(message.seq));
    const items = itemsFor(message, known, { ...this.doing, picker });
    const react = (emoji) => this.#react(message, emoji);
    openMenu(anchor, items, react, () => this.focus.focus(message.seq));
  }

  #pick(message, anchor) {
    const react = (emoji) => this.#react(message, emoji);
    if (isThere(message)) openEmojiPicker(anchor, react, () => this.focus.focus(message.seq));
  }

  async #react(message, emoji) {
    try {
      await toggleReaction(message, emoji);
      announce(`Reaction ${nameOfEmoji(emoji)} changed.`);
    } catch (error) {
      tell("That did not work", error.message);
    }
  }
}

const isThere = (message) => message && !message.withdrawn_at;
