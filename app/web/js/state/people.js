/** Names and faces. */

import { h } from "../dom.js";
import { changed, state } from "./store.js";

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
  return id === state.me?.id ? "You" : nameOf(state.people.get(id));
}

/** Within a sentence. */
export function nameWithin(id) {
  return id === state.me?.id ? "you" : nameById(id);
}

export function othersIn(conversation) {
  return conversation.users.filter((user) => user.id !== state.me?.id);
}

export function titleOf(conversation) {
  if (conversation.title) return conversation.title;
  return othersIn(conversation).map(nameOf).join(", ") || "Only you";
}

const HUES = 8;

/** A picture, or initials on one of a few colours. */
export function face(user, isBig = false) {
  const name = nameOf(user);
  const classes = `face hue${(user?.id ?? 0) % HUES}${isBig ? " big" : ""}`;
  const element = h("span", { class: classes, "aria-hidden": "true" }, initials(name));
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

export function faceOfConversation(conversation) {
  if (conversation.picture_url) {
    const element = h("span", { class: "face of-group", "aria-hidden": "true" });
    element.append(picture(conversation.picture_url));
    return element;
  }
  const others = othersIn(conversation);
  if (!conversation.group) return face(others[0] ?? state.me);
  const element = face({ id: conversation.id, name: titleOf(conversation) });
  element.classList.add("of-group");
  return element;
}
