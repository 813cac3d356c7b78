/**
 * Doing something with a message: a few buttons where the pointer or the focus is, and a menu by
 * them, by Enter, and by a long press.
 */

import { announce, h, listen } from "../dom.js";
import { iconButton } from "../icons.js";
import { nameOfEmoji } from "../emojis.js";
import { toggleReaction } from "../state/acts.js";
import { conversation } from "../state/conversations.js";
import { historyOf } from "../state/histories.js";
import { tell } from "./dialog.js";
import { openEmojiPicker } from "./emoji.js";
import { openVersions } from "./later.js";
import { openMessageMenu } from "./message_menu.js";
import { rowOf } from "./row_focus.js";

/** As long as phones take a press to be a long one. */
const LONG_PRESS_MS = 500;

export class Acting {
  /** `focus`: a RowFocus. Of `doing`, `reply` and `edit` take a message, `show` a seq. */
  constructor(id, list, focus, doing) {
    this.id = id;
    this.focus = focus;
    this.doing = { ...doing, react };
    const button = (name, label, act) => iconButton(name, label, () => act(this.message, this.bar));
    this.bar = h(
      "div.acting",
      { hidden: true },
      button("smile", "React", (message, bar) => this.#pick(message, bar)),
      button("reply", "Reply", doing.reply),
      button("more", "More", (message, bar) => this.#openMenu(message, bar)),
    );
    // By keys there is the menu.
    for (const button of this.bar.children) button.tabIndex = -1;
    list.setAttribute("aria-describedby", "message-keys");
    listen(list, {
      pointerover: (event) => event.pointerType === "mouse" && this.#turnTo(event.target),
      focusin: (event) => this.#turnTo(event.target),
      keydown: (event) => this.#pressed(event),
      click: (event) => this.#clicked(event),
      pointerdown: (event) => this.#touched(event),
      contextmenu: (event) => this.pressedAt && event.preventDefault(),
      pointerup: (event) => this.#letGo(event),
      pointercancel: () => (this.pressedAt = null), // It scrolls.
    });
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
    const { message, doing, focus } = this;
    if (!row.dataset.seq || event.ctrlKey || event.metaKey || event.altKey) return;
    if (["Enter", " ", "ContextMenu"].includes(event.key)) this.#openMenu(message, row);
    else if (event.key === "r") doing.reply(message);
    else if (event.key === "e") doing.edit(message);
    else if (event.key === "ArrowUp") focus.step(row, -1);
    else if (event.key === "ArrowDown") focus.step(row, 1);
    else return;
    event.preventDefault();
  }

  #clicked(event) {
    const pressed = event.target.closest("[data-act]");
    if (!pressed) return;
    this.#turnTo(pressed);
    const { act, emoji, seqOf } = pressed.dataset;
    if (act === "quote") this.doing.show(Number(seqOf));
    else if (act === "react") react(this.message, emoji);
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
    const pick = () => this.#pick(message, this.focus.row(message.seq));
    openMessageMenu(message, known, { ...this.doing, pick }, anchor, () => this.#back(message));
  }

  #pick(message, anchor) {
    const take = (emoji) => react(message, emoji);
    if (isThere(message)) openEmojiPicker(anchor, take, () => this.#back(message));
  }

  #back({ seq }) {
    this.focus.focus(seq);
  }
}

const isThere = (message) => message && !message.withdrawn_at;

async function react(message, emoji) {
  try {
    await toggleReaction(message, emoji);
    announce(`Reaction ${nameOfEmoji(emoji)} changed.`);
  } catch (error) {
    tell(error.message);
  }
}
