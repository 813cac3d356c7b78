/** Who is signed in. */

import { del, get, onSignedOut, post, put } from "../api.js";
import { forget, names, recall, remember } from "../keeping.js";
import { startLive, stopLive } from "../live/sync.js";
import { takeOutbox } from "./outbox.js";
import { meet } from "./people.js";
import { changed, forgetEverything, hear, state } from "./store.js";

const ASK_AGAIN_MS = 2_000;

/** A page that was signed in before shows so at once, and asks meanwhile. */
export async function watchSession() {
  onSignedOut(leave);
  const before = recall("me");
  if (before) enter(before);
  else leave();
  try {
    const me = await get("/users/me");
    if (state.me?.id === me.id) know(me);
    else enter(me);
  } catch (error) {
    // Signed out, which is shown by now; or away, and then the live connection asks again.
    if (error.status !== 401 && !before) setTimeout(askAgain, ASK_AGAIN_MS);
  }
}

function askAgain() {
  if (!state.me) watchSession();
}

function enter(me) {
  stopLive();
  forgetEverything();
  know(me);
  takeOutbox();
  startLive();
}

function know(me) {
  state.me = me;
  remember("me", me);
  meet(me);
}

/** Also when somebody has ended this login from elsewhere. */
function leave() {
  if (state.me === null) return;
  stopLive();
  forget("me");
  forgetEverything();
  state.me = null;
  takeOutbox();
  changed();
}

export async function signIn(user) {
  enter((await post("/users/sign_in", { user: { ...user, remember_me: true } })).user);
}

/** Shape: null when signed in, or a sentence when the address is to be confirmed first. */
export async function signUp(user) {
  const answer = await post("/users", { user });
  if (!answer.user) return answer.message;
  enter(answer.user);
  return null;
}

/** `about` is "password", "confirmation" or "unlock". Answers a sentence. */
export async function askForLetter(about, email) {
  return (await post(`/users/${about}`, { user: { email } })).message;
}

export async function resetPassword(user) {
  enter((await put("/users/password", { user })).user);
}

/** What this browser kept may be older than the server. */
export async function fetchMe() {
  know(await get("/users/me"));
  return state.me;
}

export async function editProfile(change) {
  const { user } = await put("/users/me", change);
  know({ ...state.me, ...user });
}

/** Shape: as `PUT /users` answers. */
export async function editAccount(user) {
  const answer = await put("/users", { user });
  know({ ...state.me, ...answer.user });
  return answer;
}

export async function signOut() {
  const { id } = state.me;
  await del("/users/sign_out");
  leaveNothing(id);
}

export async function closeAccount(proof) {
  const { id } = state.me;
  await del("/users", { user: proof });
  leaveNothing(id);
}

/** On a computer that others use, nothing of one's own stays behind. */
function leaveNothing(id) {
  const mine = [`outbox.${id}`, ...names(`draft.${id}.`), ...names(`files.${id}.`)];
  for (const name of mine) forget(name);
  leave();
}

hear("profile.edited", ({ user }) => know(user));

hear("goodbye", ({ code, come_back }) => {
  if (!come_back && code === "unauthenticated") leave();
});
