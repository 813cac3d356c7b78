/** One message. Its parts stand in one list: whatever a message may also have is one more of them. */

import { h } from "../dom.js";
import { nameOfEmoji } from "../emojis.js";
import { icon } from "../icons.js";
import { reactionsTo } from "../state/acts.js";
import { historyOf } from "../state/histories.js";
import { face, nameById, nameOf } from "../state/people.js";
import { discard, retry } from "../state/outbox.js";
import { isMe, state } from "../state/store.js";
import { called, linked } from "../text.js";
import { clock, whole } from "../times.js";
import { files } from "./files.js";

/** In their order from above. Each answers an element, or nothing. `data-act`: see acting.js. */
const PARTS = [pinned, quote, body, files, reactions];

/** `isFirst` of a run has the name and the face; `seen` says in words who has read it. */
export function messageView(message, author, isFirst, seen) {
  const parts = PARTS.map((part) => part(message));
  const how = isToMe(message) ? "to-me" : "";
  const read = seen && h("p.seen", seen);
  const element = line(message.created_at, author, isFirst, how, ...parts, read);
  element.dataset.seq = message.seq;
  element.tabIndex = -1;
  return element;
}

function isToMe({ mentions, mentions_everyone, user_id }) {
  return !isMe(user_id) && (mentions_everyone || mentions.includes(state.me?.id));
}

/** Not sent yet: it waits, or it cannot be sent, and then one may try again. */
export function pendingView(entry, me, isFirst) {
  const how = entry.problem ? "failed" : "pending";
  const { rest, conversation_id } = entry;
  const known = historyOf(conversation_id)?.messages ?? [];
  const reply_to = rest.reply_to && known.find((one) => one.id === rest.reply_to);
  const parts = [quote({ reply_to, conversation_id }), body(entry), files(entry), fate(entry)];
  return line(entry.written_at, me, isFirst, how, ...parts);
}

function line(iso, author, isFirst, how, ...parts) {
  const time = h("time", { datetime: iso, title: whole(iso) }, clock(iso));
  const name = h("bdi.author", nameOf(author));
  const above = isFirst && h("p.above", name, " ", time);
  const beside = isFirst ? face(author) : h("span.beside", time);
  const classes = `message ${isFirst ? "is-first" : ""} ${how && `is-${how}`}`;
  return h("li", { class: classes }, beside, h("div.content", above, ...parts));
}

function pinned({ pinned_at }) {
  return pinned_at && h("p.pinned", icon("pin"), "Pinned");
}

function quote({ reply_to, conversation_id }) {
  if (!reply_to) return null;
  const { user_id, seq } = reply_to;
  const words = reply_to.body || wordsInstead(reply_to, conversation_id);
  const name = h("bdi", nameById(user_id));
  const press = { "data-act": "quote", "data-seq-of": seq, title: "Go to it" };
  return h("blockquote", h("button", { ...press, dir: "auto" }, name, ` ${words}`));
}

/** A quote without words does not tell why. */
function wordsInstead({ id }, conversation_id) {
  const quoted = historyOf(conversation_id)?.messages.find((one) => one.id === id);
  if (!quoted) return "A message without words";
  return quoted.withdrawn_at ? "Message withdrawn" : "A file";
}

function body(message) {
  if (message.withdrawn_at) return h("p.body.is-withdrawn", "Message withdrawn");
  if (!message.body) return null;
  const names = namesIn(message);
  const words = linked(message.body).flatMap((part) =>
    names.size && typeof part === "string" ? called(part, names) : part,
  );
  return h("p.body", { dir: "auto" }, ...words, edited(message));
}

function edited({ edited_at }) {
  if (!edited_at) return null;
  const press = { class: "edited", "data-act": "versions", title: "Earlier versions" };
  return h("button", press, "(edited)");
}

function namesIn({ mentions = [], mentions_everyone }) {
  const names = new Map(mentions_everyone ? [["everyone", true]] : []);
  for (const id of mentions) {
    const { username } = state.people.get(id) ?? {};
    if (username) names.set(username.toLowerCase(), isMe(id));
  }
  return names;
}

function reactions(message) {
  const shown = reactionsTo(message);
  if (!shown.length || message.withdrawn_at) return null;
  const press = { "data-act": "pick", label: "Add a reaction" };
  const more = h("li", h("button", press, icon("smile")));
  return h("ul.reactions", { label: "Reactions" }, ...shown.map(reaction), more);
}

function reaction({ emoji, count, isMine }) {
  const name = nameOfEmoji(emoji);
  const press = { "data-act": "react", "data-emoji": emoji, title: name };
  const pressed = { "aria-pressed": String(isMine), label: `${name}, ${count}` };
  return h("li", h("button", { ...press, ...pressed }, emoji, h("span", String(count))));
}

function fate({ client_id, problem }) {
  if (!problem) return h("p.fate", "Waiting to be sent …");
  return h(
    "p.fate",
    { role: "alert" },
    `Not sent. ${problem} `,
    h("button.plain", () => retry(client_id), "Try again"),
    h("button.plain", () => discard(client_id), "Discard"),
  );
}
