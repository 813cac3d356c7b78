/** Who is here, who types: a dot on a face, and a few words. */

import { h } from "../dom.js";
import { nameById, othersIn } from "../state/people.js";
import { presenceOf } from "../state/presence.js";
import { state } from "../state/store.js";
import { since } from "../times.js";

/** Of whom nothing is known nothing is shown. */
export function withDot(face, user) {
  const { status } = presenceOf(user) ?? {};
  const isHere = status === "online" || status === "away";
  const dot = isHere && h("span", { class: `dot is-${status}`, role: "img", label: status });
  return h("span.with-dot", face, dot);
}

/** For the head of a conversation. */
export function presenceWords(conversation) {
  const others = othersIn(conversation).map(presenceOf).filter(Boolean);
  if (conversation.group) {
    const online = others.filter((one) => one.status === "online").length;
    return online ? `${online} online` : "";
  }
  const [{ status, last_seen_at } = {}] = others;
  if (status === "online") return "Online";
  if (status === "away") return "Away";
  return last_seen_at ? `Last seen ${since(last_seen_at)}` : "";
}

export function typingWords(id) {
  const names = (state.typing.get(id) ?? []).map(nameById);
  if (!names.length) return "";
  if (names.length > 2) return "Several people are typing …";
  return `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} typing …`;
}
