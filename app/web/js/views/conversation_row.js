/** A conversation in the list: who, what was said last and when, how much is unread. */

import { h } from "../dom.js";
import { icon } from "../icons.js";
import { href } from "../places.js";
import { isMuted } from "../state/conversations.js";
import { faceOf, nameById, othersIn, titleOf } from "../state/people.js";
import { unreadOf } from "../state/reading.js";
import { isMe } from "../state/store.js";
import { shortly } from "../times.js";
import { typingWords, withDot } from "./presence.js";

export function conversationRow(one, isOpen) {
  const unread = unreadOf(one);
  const other = one.group ? null : othersIn(one)[0];
  return h(
    "li",
    { class: `${unread ? "is-unread" : ""} ${isMuted(one) ? "is-muted" : ""}` },
    h(
      "a",
      { href: href("conversations", one.id), "aria-current": isOpen ? "page" : null },
      withDot(faceOf(one), other),
      h("span.title", { dir: "auto" }, titleOf(one)),
      h("span.time", shortly(one.last_message?.created_at ?? one.updated_at)),
      h("span.last", { dir: "auto" }, typingWords(one.id) || lastWords(one)),
      h("span.marks", ...marks(one, unread)),
    ),
  );
}

function lastWords(one) {
  const last = one.last_message;
  if (!last) return "Nothing said yet";
  if (last.withdrawn_at) return "Message withdrawn";
  const isMine = isMe(last.user_id);
  const who = isMine || one.group ? `${nameById(last.user_id)}: ` : "";
  return who + (last.body || "Sent a file");
}

function marks(one, unread) {
  return [
    one.preferences.favourite && named("star", "Favourite"),
    isMuted(one) && named("muted", "Muted"),
    unread > 0 && count(one, unread),
  ];
}

function named(name, label) {
  return h("span", { role: "img", label }, icon(name));
}

function count(one, unread) {
  const isToMe = one.unread_mentions > 0;
  const label = `${unread} unread${isToMe ? ", and you are mentioned" : ""}`;
  const words = (isToMe ? "@" : "") + (unread > 99 ? "99+" : unread);
  return h("span.count", { role: "img", label }, words);
}
