/** Files that are chosen for the next message of a conversation, and on their way to the server. */

import { upload } from "../api.js";
import { forget, recall, remember } from "../keeping.js";
import { changed, state } from "./store.js";

export const FILES_MAX = 10;
const INTERRUPTED = "The page was closed before this was uploaded. Choose the file again.";

const name = (id) => `files.${state.me?.id}.${id}`;
let keys = 0;

/**
 * Shape: {key, name, size, part: 0 to 1, attachment or null, problem: sentence or null}, and while
 * it is in this page {file, giveUp, show(part)}. What is uploaded survives a reload; a file does not.
 */
export function uploadsOf(id) {
  if (!state.uploads.has(id)) state.uploads.set(id, (recall(name(id)) ?? []).map(revived));
  return state.uploads.get(id);
}

function revived(one) {
  return { ...one, key: keys++, part: 1, problem: one.attachment ? null : INTERRUPTED };
}

export function isUploading(id) {
  return uploadsOf(id).some((one) => !one.attachment && !one.problem);
}

/** Answers a sentence when there are too many, and then takes as many as it may. */
export function addFiles(id, files) {
  const room = FILES_MAX - uploadsOf(id).length;
  for (const file of [...files].slice(0, room)) begin(id, file);
  return files.length > room ? `A message has at most ${FILES_MAX} files.` : "";
}

function begin(id, file) {
  const { name, size } = file;
  const one = { key: keys++, name, size, part: 0, attachment: null, problem: null, file };
  keep(id, [...uploadsOf(id), one]);
  run(id, one);
}

export function tryAgain(id, one) {
  const anew = { ...one, problem: null, part: 0 };
  put(id, anew);
  run(id, anew);
}

async function run(id, one) {
  const controller = new AbortController();
  one.giveUp = () => controller.abort();
  const progress = (part) => {
    one.part = part;
    one.show?.(part);
  };
  try {
    const attachment = await upload(one.file, progress, controller.signal);
    put(id, { ...one, attachment });
  } catch (error) {
    if (error.name !== "AbortError") put(id, { ...one, problem: wordsFor(error) });
  }
}

function wordsFor({ status, code, message }) {
  if (code === "quota_exceeded")
    return "Your files have no room for this one. Withdraw older ones.";
  if (status === 413) return "This file is too large.";
  return message;
}

export function removeUpload(id, { key, giveUp }) {
  giveUp?.();
  keep(
    id,
    uploadsOf(id).filter((one) => one.key !== key),
  );
}

/** What is to go with a message: they leave here for the outbox. */
export function takeUploads(id) {
  const attachments = uploadsOf(id)
    .map((one) => one.attachment)
    .filter(Boolean);
  keep(id, []);
  return attachments;
}

/** Not if it was removed meanwhile, or somebody else has signed in. */
function put(id, changedOne) {
  const all = uploadsOf(id);
  if (!all.some((one) => one.key === changedOne.key)) return;
  keep(
    id,
    all.map((one) => (one.key === changedOne.key ? changedOne : one)),
  );
}

function keep(id, uploads) {
  state.uploads.set(id, uploads);
  const lasting = uploads.map(({ name, size, attachment }) => ({ name, size, attachment }));
  if (lasting.length) remember(name(id), lasting);
  else forget(name(id));
  changed();
}

addEventListener("beforeunload", (event) => {
  if ([...state.uploads.keys()].some(isUploading)) event.preventDefault();
});
