/** What one has begun to write, per conversation; it survives a reload. */

import { forget, recall, remember } from "../keeping.js";
import { state } from "./store.js";

const name = (id) => `draft.${state.me?.id}.${id}`;

export function draftOf(id) {
  return recall(name(id)) ?? "";
}

export function keepDraft(id, text) {
  if (text) remember(name(id), text);
  else forget(name(id));
}
