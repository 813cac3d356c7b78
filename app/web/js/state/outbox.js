/**
 * What is yet to be sent: messages on their way, and drafts. Each message has a `client_id` of its
 * own from the beginning, so that sending it again never makes a second one; all go out one after
 * the other, in order.
 */

import { Refused, post } from "../api.js";
import { forget, recall, remember, whenChanged } from "../keeping.js";
import { putOwn } from "./messages.js";
import { changed, hear, isMe, state } from "./store.js";

const RETRY_MS = [500, 1_000, 2_000, 5_000, 10_000];

/** Shape: {client_id, conversation_id, body, rest, attachments, written_at, problem: sentence or null} */
let entries = [];
let owner = null;
let isSending = false;
let timer;
let failures = 0;

const name = () => `outbox.${owner}`;

/** Those of somebody who has just come in, from before a reload too. */
export function takeOutbox() {
  owner = state.me?.id ?? null;
  entries = owner === null ? [] : (recall(name()) ?? []);
  flush();
}

whenChanged((changedName) => {
  if (owner === null || changedName !== name()) return;
  entries = recall(name()) ?? [];
  changed();
});

export function outboxOf(conversationId) {
  return entries.filter((one) => one.conversation_id === conversationId);
}

export function countUnsent() {
  return entries.length;
}

/** `rest` is whatever else the message has, such as `reply_to`; its attachments are uploaded. */
export function send(conversation_id, body, rest = {}, attachments = []) {
  const written_at = new Date().toISOString();
  const entry = { client_id: newId(), conversation_id, body, rest, attachments, written_at };
  entries.push({ ...entry, problem: null });
  settle();
  flush();
}

/** Unlike randomUUID it is there also where the page came over plain HTTP. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function retry(client_id) {
  mark(client_id, null);
  flush();
}

function mark(client_id, problem) {
  entries = entries.map((one) => (one.client_id === client_id ? { ...one, problem } : one));
  settle();
}

export function discard(client_id) {
  entries = entries.filter((one) => one.client_id !== client_id);
  settle();
}

function settle() {
  remember(name(), entries);
  changed();
}

/** Begin, or go on, to send. Called whenever there may be a way out again. */
export async function flush() {
  clearTimeout(timer);
  if (isSending || !navigator.onLine) return;
  isSending = true;
  try {
    let next;
    while (owner !== null && (next = entries.find((one) => !one.problem))) await deliver(next);
    failures = 0;
  } catch (error) {
    timer = setTimeout(flush, pauseAfter(error));
  } finally {
    isSending = false;
  }
}

function pauseAfter(error) {
  const pause = RETRY_MS[Math.min(failures++, RETRY_MS.length - 1)];
  return Math.max(pause, (error.retryAfterSeconds ?? 0) * 1_000);
}

/** Throws what will pass; what will not is told beside the message. */
async function deliver({ client_id, conversation_id, body, rest, attachments = [] }) {
  const from = owner;
  try {
    const attachment_ids = attachments.map((one) => one.id);
    const draft = { body, client_id, attachment_ids, ...rest };
    const message = await post(`/conversations/${conversation_id}/messages`, draft);
    if (from !== owner) return;
    putOwn(message);
    discard(client_id);
  } catch (error) {
    if (from !== owner) return;
    if (error.isPassing || error.status === 401) throw error;
    mark(client_id, error instanceof Refused ? error.message : "This could not be sent.");
  }
}

/** The answer was lost, or another tab has sent it. */
hear("message.created", ({ message }) => {
  const isMine = isMe(message.user_id);
  if (isMine && entries.some((one) => one.client_id === message.client_id)) {
    discard(message.client_id);
  }
});

addEventListener("online", flush);

/** Of what one has begun to write in a conversation, and to what; it survives a reload. */
const draftName = (id) => `draft.${state.me?.id}.${id}`;

/** Shape: {text, replied: what one replies to, in short, or null} */
export function draftOf(id) {
  return { text: "", replied: null, ...recall(draftName(id)) };
}

export function keepDraft(id, draft) {
  if (draft.text || draft.replied) remember(draftName(id), draft);
  else forget(draftName(id));
}
