/** The field for the words of a message: it grows with them, and completes names in them. */

import { h } from "../dom.js";
import { iconButton } from "../icons.js";
import { Completion } from "./completion.js";
import { openEmojiPicker } from "./emoji.js";

const BODY_MAX_CHARACTERS = 10_000;
const GROWS_BY_ITSELF = CSS.supports("field-sizing", "content");

export class Writing {
  /** `pressed(event)` hears of keys that are not for a completion, `written()` of other words. */
  constructor(id, { pressed, written }) {
    this.written = written;
    this.input = h("textarea", {
      rows: 1,
      dir: "auto",
      enterkeyhint: "send",
      autocomplete: "off",
      onkeydown: (event) => this.#pressed(event, pressed),
      oninput: () => this.#written(),
    });
    this.completion = new Completion(id, this.input);
    this.emoji = iconButton("smile", "Emoji", () =>
      openEmojiPicker(
        this.emoji,
        (emoji) => this.#insert(emoji),
        () => this.input.focus(),
      ),
    );
  }

  name(title) {
    this.input.ariaLabel = this.input.placeholder = `Message to ${title}`;
  }

  get words() {
    return this.input.value.trim();
  }

  /** How many characters there are too many, or less than that. */
  get over() {
    return [...this.words].length - BODY_MAX_CHARACTERS;
  }

  write(text) {
    this.input.value = text;
    this.grow();
  }

  grow() {
    if (GROWS_BY_ITSELF) return;
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  #insert(emoji) {
    const { selectionStart, selectionEnd } = this.input;
    this.input.setRangeText(emoji, selectionStart, selectionEnd, "end");
    this.#written();
    this.input.focus();
  }

  #written() {
    this.grow();
    this.completion.look();
    this.written();
  }

  /** An input method uses Enter to choose a word. */
  #pressed(event, pressed) {
    if (event.isComposing) return;
    if (this.completion.pressed(event) || pressed(event)) event.preventDefault();
  }
}
