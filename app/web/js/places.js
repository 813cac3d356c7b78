/** The address: `#/conversations/42?at=17`. The server serves one page, so links keep working. */

const listeners = new Set();

/** Where the links of mails lead, and what their tokens are called. */
const MAILED = {
  "/users/password/edit": ["password", "reset_password_token"],
  "/users/confirmation": ["confirmation", "confirmation_token"],
  "/users/unlock": ["unlock", "unlock_token"],
};

/** Shape: {path: ["conversations", "42"], query: URLSearchParams} */
export function place() {
  const query = new URLSearchParams(location.search);
  if (MAILED[location.pathname]) {
    const [name, token] = MAILED[location.pathname];
    return { path: [name, query.get(token) ?? ""], query };
  }
  return placeOfHash();
}

function placeOfHash() {
  const [path, query] = location.hash.replace(/^#\/?/, "").split("?");
  return { path: path.split("/").filter(Boolean), query: new URLSearchParams(query) };
}

/** The conversation that is open, or null. */
export function openId() {
  const { path } = place();
  return path[0] === "conversations" && /^\d+$/.test(path[1] ?? "") ? Number(path[1]) : null;
}

/** The message that one wants to see there, by its `seq`; or null. */
export function wantedSeq() {
  const at = place().query.get("at");
  return /^\d+$/.test(at ?? "") ? Number(at) : null;
}

/** To a message in its conversation; again, if one is there already. */
export function goToMessage(conversationId, seq) {
  replace("conversations", conversationId);
  go("conversations", `${conversationId}?at=${seq}`);
}

export function href(...path) {
  return `/#/${path.join("/")}`;
}

export function go(...path) {
  location.assign(href(...path));
}

/** Without a way back to where one was. */
export function replace(...path) {
  history.replaceState(null, "", href(...path));
  listeners.forEach((listener) => listener());
}

export function onMove(listener) {
  listeners.add(listener);
}

addEventListener("hashchange", () => listeners.forEach((listener) => listener()));
