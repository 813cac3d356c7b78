/** State and news together are what a fresh fetch would show. */

import { loadConversations } from "../state/conversations.js";
import { refresh } from "../state/histories.js";
import { flush } from "../state/outbox.js";
import { refreshPresences } from "../state/presence.js";
import { apply, changed, state } from "../state/store.js";
import { Connection } from "./connection.js";

const RETRY_MS = 2_000;

let connection = null;
/** News wait here while what they change is being fetched; null: they do not. */
let held = null;

export function startLive() {
  held = null;
  connection = new Connection({ hear, tell });
  connection.run();
}

export function stopLive() {
  connection?.close();
  connection = null;
}

function tell(how) {
  state.connection = how;
  changed();
  if (how !== "live") return;
  flush();
  if (state.isListed) refreshPresences();
}

function hear(event) {
  const isWelcome = event.type === "welcome";
  if (isWelcome && !state.isListed) return void fetchAll(connection);
  if (event.type === "resync_required") {
    if (event.conversation_id) return void reopenKnown(event.conversation_id);
    return void fetchAll(connection);
  }
  if (held) held.push(event);
  else apply(event);
}

/** Everything anew, from a position that the news follow. */
async function fetchAll(mine) {
  held ??= [];
  try {
    await loadConversations();
    await Promise.all([...state.histories.keys()].map(refresh));
  } catch {
    setTimeout(() => mine === connection && fetchAll(mine), RETRY_MS);
    return;
  }
  if (mine !== connection) return;
  const waiting = held;
  held = null;
  waiting.forEach(apply);
  changed();
  refreshPresences();
}

async function reopenKnown(id) {
  await loadConversations().catch(() => {});
  if (state.histories.has(id)) await refresh(id);
}
