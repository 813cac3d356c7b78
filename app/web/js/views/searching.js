/** Finding messages by words; choosing one leads to its place. */

import { getPage } from "../api.js";
import { fill, h, say } from "../dom.js";
import { goToMessage, openId } from "../places.js";
import { conversation, sorted } from "../state/conversations.js";
import { nameById, nameOf, titleOf } from "../state/people.js";
import { isMe, state } from "../state/store.js";
import { excerpt } from "../text.js";
import { shortly, whole } from "../times.js";
import { findSoon } from "./finding.js";
import { select } from "./form.js";

export function show({ input, note, body, close }) {
  const oninput = findSoon(note, (signal) => find(path(), signal));
  const choose = (label, all, choices) =>
    select([["", all], ...choices], { label, value: "", oninput });
  const where = choose("Where", "All conversations", places());
  const who = choose("From whom", "From anybody", people());
  const hasFile = h("input", { type: "checkbox", oninput });
  const results = h("ol.hits", { label: "Messages found" });
  const more = h("button", { hidden: true }, "Show more");
  note.before(h("div.filters", where, who, h("label", hasFile, "With a file")));
  body.append(results, more);
  input.addEventListener("input", oninput);
  if (input.value) oninput();

  function path() {
    fill(results);
    more.hidden = true;
    const asked = { query: input.value.trim(), conversation_id: where.value, author_id: who.value };
    if (hasFile.checked) asked.has_attachment = true;
    const given = Object.entries(asked).filter(([, value]) => value);
    return asked.query && `/search?${new URLSearchParams(given)}`;
  }

  async function find(path, signal) {
    say(note, path ? "Searching …" : "");
    if (!path) return;
    const { answer, next } = await getPage(path, { signal });
    results.append(...answer.hits.map((one) => hit(one, close)));
    more.hidden = !next;
    more.onclick = () => find(next, signal).catch(() => say(note, "That did not work."));
    say(note, results.childElementCount ? "" : "No message has these words.");
  }
}

function hit({ conversation_id, message, highlights }, close) {
  const { created_at, user_id, body, seq, attachments } = message;
  const known = conversation(conversation_id);
  const choose = () => {
    close();
    goToMessage(conversation_id, seq);
  };
  const words = body ? excerpt(body, highlights) : attachments.map((one) => one.name).join(", ");
  return h(
    "li",
    h(
      "button",
      choose,
      h("bdi.author", nameById(user_id)),
      h("span.hint", " in ", h("bdi", known ? titleOf(known) : "a conversation")),
      h("time.hint", { datetime: created_at, title: whole(created_at) }, shortly(created_at)),
      h("p", { dir: "auto" }, words),
    ),
  );
}

function places() {
  const open = openId();
  const others = sorted().filter((one) => one.id !== open);
  const here = open === null ? [] : [[open, "This conversation"]];
  return [...here, ...others.map((one) => [one.id, titleOf(one)])];
}

function people() {
  const others = [...state.people.values()].filter((one) => !isMe(one.id));
  const named = others.map((one) => [one.id, `From ${nameOf(one)}`]);
  const byName = ([, one], [, other]) => one.localeCompare(other);
  return [[state.me?.id, "From you"], ...named.sort(byName)];
}
