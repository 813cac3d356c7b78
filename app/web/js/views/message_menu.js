/** What somebody may do with a message, in the order of how often they do. */

import { announce, h } from "../dom.js";
import { mayPin, mayWithdraw, pin, unpin, withdraw } from "../state/acts.js";
import { markUnread } from "../state/reading.js";
import { state } from "../state/store.js";
import { ask, tell } from "./asking.js";
import { openVersions } from "./later.js";
import { openReaders } from "./readers.js";

/** Shape: [{label, act, isDanger}] */
export function itemsFor(message, known, { reply, edit, picker }) {
  const isMine = message.user_id === state.me?.id;
  const can = [
    { label: "React …", act: picker },
    { label: "Reply", act: () => reply(message) },
    isMine && { label: "Edit", act: () => edit(message) },
    { label: "Copy text", act: () => copy(message) },
    !isMine && { label: "Mark unread", act: () => attempt(markUnread(message), "Marked unread.") },
    mayPin(known) && pinning(message),
    isMine && { label: "Seen by …", act: () => openReaders(message) },
    message.edited_at && { label: "Earlier versions …", act: () => openVersions(message) },
    mayWithdraw(message, known) && withdrawing(message),
  ];
  return can.filter(Boolean);
}

function pinning(message) {
  if (message.pinned_at) return { label: "Unpin", act: () => attempt(unpin(message), "Unpinned.") };
  return { label: "Pin", act: () => attempt(pin(message), "Pinned.") };
}

/** Over plain HTTP there is no clipboard. */
function copy({ body }) {
  const copied = navigator.clipboard?.writeText(body);
  attempt(copied ?? Promise.reject(new Error("This browser does not let pages copy.")), "Copied.");
}

async function attempt(done, words) {
  try {
    await done;
    announce(words);
  } catch (error) {
    tell("That did not work", error.message);
  }
}

function withdrawing(message) {
  return { label: "Withdraw …", act: () => askToWithdraw(message), isDanger: true };
}

function askToWithdraw(message) {
  const quote = h("blockquote", { dir: "auto" }, message.body);
  ask({
    title: "Withdraw this message?",
    words: [quote, h("p", {}, "Its words are gone for everybody, for good. Its place stays.")],
    button: "Withdraw",
    act: () => withdraw(message).then(() => announce("Message withdrawn.")),
  });
}
