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
    this.element = h("ul.completion", { id: "completion", role: "listbox", label: "People" });
    const names = { ariaAutoComplete: "list", ariaHasPopup: "listbox" };
    Object.assign(input, names).setAttribute("aria-controls", "completion");
    input.addEventListener("blur", () => this.close());
    this.close();
  }

  /** After each change of the text, or of the place in it. */
  look() {
    const before = this.input.value.slice(0, this.input.selectionStart);
    this.begun = before.match(BEGUN)?.[1];
    const found = this.begun === undefined ? [] : peopleFor(this.id, this.begun.toLowerCase());
    this.#render(found);
  }

  /** Answers whether the key was for it. */
  pressed({ key }) {
    const { found, at } = this;
    if (!found.length) return false;
    if (key === "ArrowDown") this.#render(found, at + 1);
    else if (key === "ArrowUp") this.#render(found, at - 1);
    else if (key === "Enter" || key === "Tab") this.#take(found[at]);
    else if (key === "Escape") this.close();
    else return this.#leftBy(key);
    return true;
  }

  /** The place where one writes goes elsewhere. */
  #leftBy(key) {
    if (["ArrowLeft", "ArrowRight", "Home", "End"].includes(key)) this.close();
    return false;
  }

  #take({ username }) {
    const end = this.input.selectionStart;
    this.input.setRangeText(`@${username} `, end - this.begun.length - 1, end, "end");
    this.input.dispatchEvent(new Event("input"));
    this.close();
  }

  close() {
    this.#render([]);
  }

  #render(found, at = 0) {
    this.found = found;
    this.at = (at + found.length) % found.length || 0;
    this.element.hidden = !found.length;
    fill(this.element, ...found.map((user, index) => this.#option(user, index === this.at)));
    this.input.setAttribute("aria-activedescendant", found.length ? idOf(found[this.at]) : "");
  }

  #option(user, isChosen) {
    const attributes = { id: idOf(user), role: "option", "aria-selected": String(isChosen) };
    // The focus stays where one writes.
    const onpointerdown = (event) => event.preventDefault() || this.#take(user);
    const handle = h("span.handle", `@${user.username}`);
    return h("li", { ...attributes, onpointerdown }, face(user), h("bdi", nameOf(user)), handle);
  }
}

const idOf = ({ id }) => `completion-${id}`;

function peopleFor(id, beginning) {
  const known = conversation(id);
  if (!known) return [];
  const mayCallAll = known.group && (known.users.length <= CALL_EVERYONE_MAX || leads(known));
  const people = othersIn(known).filter((user) => user.username);
  if (mayCallAll) people.push(EVERYONE);
  const isMeant = (user) => wordsOf(user).some((word) => word.startsWith(beginning));
  return people.filter(isMeant).slice(0, SHOWN);
}

function wordsOf({ username, name }) {
  return `${username} ${name ?? ""}`.toLowerCase().split(/\s+/).filter(Boolean);
}
