/** Names and faces. */

import { h } from "../dom.js";
import { changed, isMe, state } from "./store.js";

export function meet(...users) {
  for (const user of users) {
    const known = state.people.get(user.id);
    // Who stays the same stays the same object, so that nothing is drawn anew for them.
    if (known && Object.keys(user).every((key) => known[key] === user[key])) continue;
    state.people.set(user.id, { ...known, ...user });
  }
  changed();
}

export function nameOf(user) {
  return user?.name || user?.username || "Someone";
}

/** Of whom one knows the id only: somebody who has left is not in any list. */
export function nameById(id) {
  return isMe(id) ? "You" : nameOf(state.people.get(id));
}

/** Within a sentence. */
export function nameWithin(id) {
  return isMe(id) ? "you" : nameById(id);
}

export function othersIn(conversation) {
  return conversation.users.filter((user) => !isMe(user.id));
}

export function titleOf(conversation) {
  if (conversation.title) return conversation.title;
  return othersIn(conversation).map(nameOf).join(", ") || "Only you";
}

const HUES = 8;

/** A picture, or initials on one of a few colours. */
export function face(user, className = "") {
  const element = h(
    "span.face",
    { class: className, "aria-hidden": "true" },
    initials(nameOf(user)),
  );
  element.style.setProperty("--hue", ((user?.id ?? 0) % HUES) * (360 / HUES));
  if (user?.avatar_url) element.append(picture(user.avatar_url));
  return element;
}

/** Where there is none to be had, the initials show. */
export function picture(src) {
  const attributes = { src, alt: "", loading: "lazy", referrerpolicy: "no-referrer" };
  return h("img", { ...attributes, onerror: (event) => event.target.remove() });
}

function initials(name) {
  const words = name.trim().split(/\s+/);
  const ends = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return ends
    .map((word) => [...word][0] ?? "")
    .join("")
    .toUpperCase();
}

export function faceOf({ id, title, group, picture_url, users }) {
  if (!group) return face(othersIn({ users })[0] ?? state.me);
  return face({ id, name: titleOf({ title, users }), avatar_url: picture_url }, "of-group");
}
