/** Finding people, choosing some of them, and what is to be done with those. */

import { get } from "../api.js";
import { h, keep } from "../dom.js";
import { face, nameOf } from "../state/people.js";
import { openDialog } from "./dialog.js";

/** So that not every letter is a request. */
const PAUSE_MS = 150;

/**
 * `without` are those whom one cannot choose; `act(ids, close)` does it, or throws. `changed(count)` is
 * called when the choice has, of what stands below.
 */
export function openPicker({ title, words, below, without, button, act, changed }) {
  const problem = h("p", { class: "error", role: "alert" });
  const go = h("button", { class: "primary", disabled: true, onclick: run }, button);
  const picker = new Picker(new Set(without.map((user) => user.id)), (count) => {
    go.disabled = count === 0;
    changed?.(count);
  });
  const buttons = h("div", { class: "buttons" }, go);
  const parts = [words && h("p", {}, words), ...picker.parts, below, problem, buttons];
  const close = openDialog(title, ...parts.filter(Boolean));

  async function run() {
    go.disabled = true;
    problem.textContent = "";
    try {
      await act([...picker.chosen.keys()], close);
    } catch (error) {
      problem.textContent = error.message;
      go.disabled = false;
    }
  }
}

class Picker {
  constructor(without, changed) {
    this.without = without;
    this.changed = changed;
    this.chosen = new Map();
    this.found = [];
    this.input = h("input", {
      type: "search",
      id: "find-people",
      autocomplete: "off",
      placeholder: "A name or username",
      oninput: () => this.#wait(),
    });
    this.chips = h("ul", { class: "chips", "aria-label": "Chosen" });
    this.results = h("ul", { class: "people", "aria-label": "People found" });
    this.note = h("p", { class: "hint", role: "status" }, "Begin to type a name.");
    const find = h(
      "div",
      { class: "field" },
      h("label", { for: "find-people" }, "With whom?"),
      this.input,
    );
    this.parts = [find, this.chips, this.note, this.results];
  }

  #wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#find(), PAUSE_MS);
  }

  async #find() {
    const query = this.input.value.trim();
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const { signal } = this.asking;
      const found = query ? await get(`/users?query=${encodeURIComponent(query)}`, { signal }) : [];
      this.found = found.filter((user) => !this.without.has(user.id));
      this.#say(query);
    } catch (error) {
      if (error.name !== "AbortError") this.note.textContent = error.message;
    }
    this.#render();
  }

  #say(query) {
    if (!query) this.note.textContent = "Begin to type a name.";
    else if (!this.found.length)
      this.note.textContent = `Nobody else's name begins with “${query}”.`;
    else this.note.textContent = "";
  }

  #toggle(user) {
    if (!this.chosen.delete(user.id)) this.chosen.set(user.id, user);
    this.#render();
    this.changed(this.chosen.size);
  }

  #render() {
    const people = (users, make) =>
      users.map((user) => ({
        key: user.id,
        memo: [this.chosen.has(user.id)],
        make: () => make(user),
      }));
    keep(
      this.results,
      people(this.found, (user) => this.#person(user)),
    );
    keep(
      this.chips,
      people([...this.chosen.values()], (user) => this.#chip(user)),
    );
  }

  #person(user) {
    const isChosen = this.chosen.has(user.id);
    const handle = user.username && h("span", { class: "handle" }, `@${user.username}`);
    const pressed = { "aria-pressed": String(isChosen) };
    const press = { ...pressed, onclick: () => this.#toggle(user) };
    return h("li", {}, h("button", press, face(user), h("bdi", {}, nameOf(user)), handle));
  }

  #chip(user) {
    const label = `Remove ${nameOf(user)}`;
    const press = { "aria-label": label, onclick: () => this.#toggle(user) };
    return h("li", {}, h("button", press, h("bdi", {}, nameOf(user)), " ×"));
  }
}
