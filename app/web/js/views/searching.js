/** Finding messages by words; choosing one leads to its place. */

import { getPage } from "../api.js";
import { fill, h } from "../dom.js";
import { goToMessage, openConversationId } from "../places.js";
import { conversation, sorted } from "../state/conversations.js";
import { nameById, nameOf, titleOf } from "../state/people.js";
import { state } from "../state/store.js";
import { excerpt } from "../text.js";
import { shortly, whole } from "../times.js";
import { openDialog } from "./dialog.js";
import { select } from "./form.js";

/** So that not every letter is a request. */
const PAUSE_MS = 250;
const HINT = "Words, or parts of them. Accents and capitals make no difference.";

export function open() {
  const view = new Searching();
  view.close = openDialog("Search messages", ...view.parts);
  view.input.focus();
}

class Searching {
  constructor() {
    const listen = { oninput: () => this.#wait() };
    const named = { "aria-label": "Words to find", placeholder: "Words to find" };
    this.input = h("input", {
      type: "text",
      role: "searchbox",
      autocomplete: "off",
      maxlength: 200,
      ...named,
      ...listen,
    });
    const choose = (label, all, choices) =>
      select([["", all], ...choices], { "aria-label": label, value: "", ...listen });
    this.where = choose("Where", "All conversations", places());
    this.who = choose("From whom", "From anybody", people());
    this.hasFile = h("input", { type: "checkbox", ...listen });
    const filters = h(
      "div",
      { class: "filters" },
      this.where,
      this.who,
      h("label", {}, this.hasFile, "With a file"),
    );
    this.note = h("p", { class: "hint", role: "status" }, HINT);
    this.results = h("ol", { class: "hits", "aria-label": "Messages found" });
    this.more = h("button", { hidden: true, onclick: () => this.#find(this.next) }, "Show more");
    this.parts = [this.input, filters, this.note, this.results, this.more];
  }

  #wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#begin(), PAUSE_MS);
  }

  #begin() {
    fill(this.results);
    this.more.hidden = true;
    this.note.textContent = HINT;
    this.asking?.abort();
    if (this.input.value.trim()) this.#find(this.#path());
  }

  #path() {
    const asked = {
      query: this.input.value,
      conversation_id: this.where.value,
      author_id: this.who.value,
      has_attachment: this.hasFile.checked ? "true" : "",
    };
    return `/search?${new URLSearchParams(Object.entries(asked).filter(([, value]) => value))}`;
  }

  async #find(path) {
    this.asking?.abort();
    const { signal } = (this.asking = new AbortController());
    this.note.textContent = "Searching …";
    try {
      const { answer, next } = await getPage(path, { signal });
      this.results.append(...answer.hits.map((hit) => this.#hit(hit)));
      this.next = next;
      this.more.hidden = !next;
      this.note.textContent = this.results.childElementCount ? "" : "No message has these words.";
    } catch (error) {
      if (error.name !== "AbortError") this.note.textContent = error.message;
    }
  }

  #hit({ conversation_id, message, highlights }) {
    const { created_at, user_id, body, seq, attachments } = message;
    const known = conversation(conversation_id);
    const choose = () => {
      this.close();
      goToMessage(conversation_id, seq);
    };
    const words = body ? excerpt(body, highlights) : attachments.map((one) => one.name).join(", ");
    return h(
      "li",
      {},
      h(
        "button",
        { onclick: choose },
        h("bdi", { class: "author" }, nameById(user_id)),
        h(
          "span",
          { class: "hint" },
          " in ",
          h("bdi", {}, known ? titleOf(known) : "a conversation"),
        ),
        h(
          "time",
          { class: "hint", datetime: created_at, title: whole(created_at) },
          shortly(created_at),
        ),
        h("p", { dir: "auto" }, words),
      ),
    );
  }
}

function places() {
  const open = openConversationId();
  const here = open === null ? [] : [[open, "This conversation"]];
  return [
    ...here,
    ...sorted()
      .filter((one) => one.id !== open)
      .map((one) => [one.id, titleOf(one)]),
  ];
}

function people() {
  const others = [...state.people.values()].filter((one) => one.id !== state.me?.id);
  const named = others.map((one) => [one.id, `From ${nameOf(one)}`]);
  return [
    [state.me?.id, "From you"],
    ...named.sort(([, one], [, other]) => one.localeCompare(other)),
  ];
}
