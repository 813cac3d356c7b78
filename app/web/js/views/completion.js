/** Completing `@name` where one writes: those in the conversation, and everyone where one may. */

import { fill, h } from "../dom.js";
import { conversation, leads } from "../state/conversations.js";
import { face, nameOf, othersIn } from "../state/people.js";

/** Up to so many people anybody may call all of them; in a bigger group its owner and admins. */
const CALL_EVERYONE_MAX = 20;
const SHOWN = 6;
const BEGUN = /(?<![\w.@-])@([\p{L}\p{M}\p{N}_.-]*)$/u;
const EVERYONE = { id: 0, username: "everyone", name: "Everyone here" };

export class Completion {
  constructor(id, input) {
    this.id = id;
    this.input = input;
    this.found = [];
    const list = { class: "completion", id: "completion", role: "listbox", "aria-label": "People" };
    this.element = h("ul", { ...list, hidden: true });
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-haspopup", "listbox");
    input.setAttribute("aria-controls", "completion");
    input.addEventListener("blur", () => this.close());
  }

  /** After each change of the text, or of the place in it. */
  look() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    this.begun = before.match(BEGUN)?.[1];
    this.found = this.begun === undefined ? [] : this.#find(this.begun.toLowerCase());
    this.at = 0;
    this.#render();
  }

  #find(beginning) {
    const known = conversation(this.id);
    if (!known) return [];
    const mayCallAll = known.group && (known.users.length <= CALL_EVERYONE_MAX || leads(known));
    const people = othersIn(known).filter((user) => user.username);
    const all = mayCallAll ? [...people, EVERYONE] : people;
    return all
      .filter((user) => wordsOf(user).some((word) => word.startsWith(beginning)))
      .slice(0, SHOWN);
  }

  /** Answers whether the key was for it. */
  pressed({ key }) {
    if (!this.found.length) return false;
    if (key === "ArrowDown") this.#move(1);
    else if (key === "ArrowUp") this.#move(-1);
    else if (key === "Enter" || key === "Tab") this.#take(this.found[this.at]);
    else if (key === "Escape") this.close();
    else return this.#leftBy(key);
    return true;
  }

  /** The place where one writes goes elsewhere. */
  #leftBy(key) {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) this.close();
    return false;
  }

  #move(by) {
    this.at = (this.at + by + this.found.length) % this.found.length;
    this.#render();
  }

  #take({ username }) {
    const end = this.input.selectionStart;
    this.input.setRangeText(`@${username} `, end - this.begun.length - 1, end, "end");
    this.input.dispatchEvent(new Event("input"));
    this.close();
  }

  close() {
    this.found = [];
    this.#render();
  }

  #render() {
    const { found, at } = this;
    this.element.hidden = found.length === 0;
    fill(this.element, ...found.map((user, index) => this.#option(user, index)));
    this.input.setAttribute("aria-activedescendant", found.length ? idOf(found[at]) : "");
  }

  #option(user, index) {
    const chosen = String(index === this.at);
    const attributes = { id: idOf(user), role: "option", "aria-selected": chosen };
    // The focus stays where one writes.
    const press = (event) => event.preventDefault() || this.#take(user);
    const handle = h("span", { class: "handle" }, `@${user.username}`);
    return h(
      "li",
      { ...attributes, onpointerdown: press },
      face(user),
      h("bdi", {}, nameOf(user)),
      handle,
    );
  }
}

const idOf = ({ id }) => `completion-${id}`;

function wordsOf({ username, name }) {
  return [username, ...(name ?? "").split(/\s+/)].filter(Boolean).map((word) => word.toLowerCase());
}
