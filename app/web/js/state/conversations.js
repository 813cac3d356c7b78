/** One's conversations, as `GET /conversations` lists them, kept as they are by the news. */

import { get, patch, post } from "../api.js";
import { meet } from "./people.js";
import { changed, hear, isMe, state } from "./store.js";

const QUOTED_CHARACTERS = 140;

export async function loadConversations() {
  const listed = await get("/conversations");
  state.conversations = new Map(listed.map((one) => [one.id, one]));
  state.isListed = true;
  meet(...listed.flatMap((one) => one.users));
}

export function conversation(id) {
  return state.conversations.get(id);
}

/** Change what is known of one, if it is known. */
export function alter(id, change) {
  const known = conversation(id);
  if (!known) return;
  state.conversations.set(id, { ...known, ...change(known) });
  changed();
}

/** Favourites first, and then the most recently active. */
export function sorted() {
  const all = [...state.conversations.values()];
  return all.sort(
    (one, other) =>
      other.preferences.favourite - one.preferences.favourite ||
      compare(other.updated_at, one.updated_at) ||
      other.id - one.id,
  );
}

const compare = (one, other) => (one < other ? -1 : Number(one > other));

export async function start(participant_ids, title) {
  const started = await post("/conversations", { participant_ids, title });
  put(started);
  return started;
}

export async function setPreferences(id, change) {
  const preferences = await patch(`/conversations/${id}/preferences`, change);
  alter(id, () => ({ preferences }));
}

const FOREVER = "forever";

export function isMuted({ preferences: { muted_until } }) {
  return muted_until === FOREVER || (muted_until !== null && new Date(muted_until) > new Date());
}

/** One's own: "owner", "admin" or "member". */
export function roleIn(one) {
  return one.users.find((user) => isMe(user.id))?.role;
}

/** Those who arrange a group, and may withdraw what others said in it. */
export function leads(one) {
  return one.group && ["owner", "admin"].includes(roleIn(one));
}

/** Of a group. */
export async function edit(id, change) {
  const edited = await patch(`/conversations/${id}`, change);
  alter(id, () => edited);
}

function put(one) {
  meet(...one.users);
  state.conversations.set(one.id, { ...conversation(one.id), ...one });
  changed();
}

/** One that was just begun, or come into: the news does not tell all of it. */
async function fetchOne(id) {
  const opened = await get(`/conversations/${id}`).catch(() => null);
  if (!opened) return;
  const { participants, preferences, messages } = opened;
  const last = messages.at(-1);
  const listed = { ...opened.conversation, users: participants, preferences };
  put({ ...listed, last_message: last ? summary(last) : null, ...counts(opened) });
}

/** What is one's own about it, by the server that tells it. */
function counts({ unread_count, unread_mentions, last_read_seq, seq }) {
  if (last_read_seq === undefined) return {};
  return { unread_count, unread_mentions, last_read_seq, seq };
}

/** A message as the list shows it. */
export function summary(message) {
  const { id, seq, created_at, user_id, withdrawn_at } = message;
  const body = [...message.body].slice(0, QUOTED_CHARACTERS).join("");
  return { id, seq, created_at, user_id, body, withdrawn_at };
}

hear("conversation.created", (event) => fetchOne(event.conversation.id));
hear("membership.began", (event) => fetchOne(event.conversation.id));

hear("membership.ended", (event) => {
  state.conversations.delete(event.conversation.id);
  state.histories.delete(event.conversation.id);
  changed();
});

hear("conversation.edited", (event) => alter(event.conversation_id, () => event.conversation));

hear("preferences.edited", ({ conversation, preferences }) =>
  alter(conversation.id, () => ({ preferences })),
);

hear("message.created", ({ message }) =>
  alter(message.conversation_id, (known) => {
    if (message.seq <= (known.last_message?.seq ?? 0)) return {};
    return { updated_at: message.created_at, last_message: summary(message) };
  }),
);

hear("message.edited message.withdrawn", ({ message }) =>
  alter(message.conversation_id, (known) =>
    known.last_message?.id === message.id ? { last_message: summary(message) } : {},
  ),
);

hear("member.added member.edited member.role_changed", ({ conversation_id, member }) => {
  const one = isMe(member.id) ? { ...member, email: state.me.email } : member;
  meet(one);
  alter(conversation_id, ({ users }) => ({ users: [...without(users, one.id), one].sort(byId) }));
});

hear("member.removed", ({ conversation_id, member }) =>
  alter(conversation_id, ({ users }) => ({ users: without(users, member.id) })),
);

const without = (users, id) => users.filter((user) => user.id !== id);
const byId = (one, other) => one.id - other.id;
