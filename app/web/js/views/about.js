/** The message that one replies to, or edits: said above where one writes. */

import { announce, fill, h } from "../dom.js";
import { iconButton } from "../icons.js";
import { nameWithin } from "../state/people.js";

export class About {
  constructor(cancel) {
    this.words = h("p", { dir: "auto" });
    this.element = h("div.about", this.words, iconButton("close", "Cancel", cancel));
    this.turn({});
  }

  /** To one of the two, or away from both. */
  turn({ replied = null, edited = null }) {
    this.replied = replied;
    this.edited = edited;
    this.element.hidden = !(replied || edited);
    this.render();
    if (!this.element.hidden) announce(`${this.#what}.`);
  }

  get #what() {
    return this.edited ? "Editing" : `Replying to ${nameWithin(this.replied.user_id)}`;
  }

  /** A name may be known later than the draft. */
  render() {
    const message = this.edited ?? this.replied;
    if (message) fill(this.words, h("bdi", this.#what), ` ${message.body}`);
  }
}
