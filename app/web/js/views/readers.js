/** Who has read a message, and when they did. */

import { h } from "../dom.js";
import { conversation } from "../state/conversations.js";
import { face, nameOf, othersIn } from "../state/people.js";
import { readersOf } from "../state/receipts.js";
import { state } from "../state/store.js";
import { openDialog } from "./dialog.js";
import { shortly } from "../times.js";

export function openReaders(message) {
  const readers = readersOf(message);
  const words = readers.length
    ? "Who does not let others know is not here."
    : "Nobody yet, or nobody who lets others know.";
  const note = h("p.note", words);
  openDialog("Seen by", h("ul.entries", ...readers.map(reader)), note);
}

/** `read_at` is of the newest they have read. */
function reader({ user_id, read_at }) {
  const user = state.people.get(user_id);
  const time = h("time", { datetime: read_at }, `last read ${shortly(read_at)}`);
  return h("li.person", face(user), h("bdi", nameOf(user)), time);
}

const NAMED = 3;

/** In a few words, or nothing. */
export function seenBy(message) {
  const readers = readersOf(message);
  const known = conversation(message.conversation_id);
  if (!readers.length || !known) return "";
  if (!known.group) return "Seen";
  const others = othersIn(known).length;
  if (readers.length >= others) return "Seen by everyone";
  if (readers.length > NAMED) return `Seen by ${readers.length} of ${others}`;
  return `Seen by ${readers.map((one) => nameOf(state.people.get(one.user_id))).join(", ")}`;
}
