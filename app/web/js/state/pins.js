/** What is pinned in a conversation, asked for while somebody looks. */

import { get } from "../api.js";
import { hear } from "./hearing.js";
import { onReopen } from "./histories.js";
import { changed, state } from "./store.js";

const asked = new Map();

export async function loadPins(id) {
  const mine = Symbol(id);
  asked.set(id, mine);
  const pins = await get(`/conversations/${id}/pins`);
  if (asked.get(id) !== mine) return; // It is asked for anew, or nobody looks any more.
  state.pins.set(id, pins);
  changed();
}

export function forgetPins(id) {
  asked.delete(id);
  state.pins.delete(id);
}

/** The news tells less than is shown. */
for (const type of ["message.pinned", "message.unpinned", "message.edited", "message.withdrawn"]) {
  hear(type, ({ conversation_id }) => loadAgain(conversation_id));
}

onReopen(loadAgain);

function loadAgain(id) {
  if (asked.has(id)) loadPins(id).catch(() => {});
}
