/** The menu of a message: what somebody may do with it, in the order of how often they do. */

import { announce, h } from "../dom.js";
import { QUICK } from "../emojis.js";
import { mayPin, mayWithdraw, pin, unpin, withdraw } from "../state/acts.js";
import { markUnread } from "../state/reading.js";
import { isMe } from "../state/store.js";
import { ask, tell } from "./dialog.js";
import { openVersions } from "./later.js";
import { openPopover, walk } from "./popover.js";
import { openReaders } from "./readers.js";

/** `doing`: {react, pick, reply, edit}; `back()` gives the focus back. */
export function openMessageMenu(message, known, doing, anchor, back) {
  const item = (label, act, attributes) =>
    h("button", { role: "menuitem", ...attributes, onclick: () => close() || act() }, label);
  const quick = ({ emoji, name }) =>
    item(emoji, () => doing.react(message, emoji), { label: `React with ${name}`, title: name });
  const menu = h(
    "div.menu",
    { role: "menu", label: "Message", onkeydown: move },
    h("div.quick", { role: "group", label: "React" }, ...QUICK.map(quick)),
    ...itemsFor(message, known, doing).map((one) => item(...one)),
  );

  function move(event) {
    if (event.key === "Tab") close();
    else walk(event, [...menu.querySelectorAll("button")]);
  }

  const close = openPopover(menu, anchor, back);
  menu.querySelector("button").focus();
}

/** Shape: [[label, act, attributes], ...] */
function itemsFor(message, known, { reply, edit, pick }) {
  const isMine = isMe(message.user_id);
  const { edited_at, pinned_at } = message;
  const can = [
    ["React …", pick],
    ["Reply", () => reply(message)],
    isMine && ["Edit", () => edit(message)],
    ["Copy text", () => perform(copy(message), "Copied.")],
    !isMine && ["Mark unread", () => perform(markUnread(message), "Marked unread.")],
    mayPin(known) && !pinned_at && ["Pin", () => perform(pin(message), "Pinned.")],
    mayPin(known) && pinned_at && ["Unpin", () => perform(unpin(message), "Unpinned.")],
    isMine && ["Seen by …", () => openReaders(message)],
    edited_at && ["Earlier versions …", () => openVersions(message)],
    mayWithdraw(message, known) && [
      "Withdraw …",
      () => askToWithdraw(message),
      { class: "is-danger" },
    ],
  ];
  return can.filter(Boolean);
}

/** Over plain HTTP there is no clipboard, and a browser may refuse it. */
async function copy({ body }) {
  try {
    await navigator.clipboard.writeText(body);
  } catch {
    throw new Error("This browser does not let ChatFlow copy. Mark the words and copy them.");
  }
}

async function perform(done, words) {
  try {
    await done;
    announce(words);
  } catch (error) {
    tell(error.message);
  }
}

function askToWithdraw(message) {
  const quote = h("blockquote", { dir: "auto" }, message.body);
  ask({
    title: "Withdraw this message?",
    words: [quote, h("p", "Its words are gone for everybody, for good. Its place stays.")],
    button: "Withdraw",
    act: () => withdraw(message).then(() => announce("Message withdrawn.")),
  });
}
