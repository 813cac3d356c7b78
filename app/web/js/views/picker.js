/** Finding people, choosing some of them, and what is to be done with those. */

import { get } from "../api.js";
import { h, keep, say } from "../dom.js";
import { face, nameOf } from "../state/people.js";
import { attempt } from "./dialog.js";
import { PEOPLE, findSoon } from "./finding.js";

/**
 * Within a finder. `without` are those whom one cannot choose; `act(ids)` does it, or throws;
 * `changed(count)` is called when the choice has, of what stands `below`.
 */
export function pick({ input, note, body, close }, { below, without, button, act, changed }) {
  const go = attempt(button, () => act([...picker.chosen.keys()]).then(close));
  const picker = new Picker(input, note, new Set(without.map((user) => user.id)), (count) => {
    go.button.disabled = count === 0;
    changed?.(count);
  });
  go.button.disabled = true;
  note.before(picker.chips);
  body.append(picker.results, ...(below ? [below] : []), go.problem, h("div.buttons", go.button));
}

class Picker {
  constructor(input, note, without, changed) {
    Object.assign(this, { input, note, without, changed });
    this.chosen = new Map();
    this.found = [];
    this.chips = h("ul.chips", { label: "Chosen" });
    this.results = h("ul.people", { label: "People found" });
    const find = findSoon(note, (signal) => this.#find(signal));
    input.addEventListener("input", find);
    if (input.value) find();
  }

  async #find(signal) {
    const query = this.input.value.trim();
    const found = query ? await get(`/users?query=${encodeURIComponent(query)}`, { signal }) : [];
    this.found = found.filter((user) => !this.without.has(user.id));
    const none = query ? `Nobody else's name begins with “${query}”.` : PEOPLE.hint;
    say(this.note, this.found.length ? "" : none);
    this.#render();
  }

  #toggle(user) {
    if (!this.chosen.delete(user.id)) this.chosen.set(user.id, user);
    this.#render();
    this.changed(this.chosen.size);
  }

  #render() {
    const rows = (users, draw) =>
      users.map((user) => {
        const isChosen = this.chosen.has(user.id);
        const toggle = () => this.#toggle(user);
        return { key: user.id, memo: [isChosen], make: () => draw(user, toggle, isChosen) };
      });
    keep(this.results, rows(this.found, person));
    keep(this.chips, rows([...this.chosen.values()], chip));
  }
}

function person(user, onclick, isChosen) {
  const handle = user.username && h("span.handle", `@${user.username}`);
  const press = { "aria-pressed": String(isChosen), onclick };
  return h("li", h("button", press, face(user), h("bdi", nameOf(user)), handle));
}

function chip(user, onclick) {
  const name = nameOf(user);
  return h("li", h("button", { label: `Remove ${name}`, onclick }, h("bdi", name), " ×"));
}
