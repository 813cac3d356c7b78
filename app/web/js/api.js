/** One way to ask the API. */

/** An answer that is no success, with what the server said. */
export class Refused extends Error {
  constructor(status, body, retryAfter) {
    super(body.error ?? body.errors?.join(". ") ?? `The server answered ${status}`);
    this.status = status;
    this.code = body.code ?? "";
    /** Shape: {field: [sentence, ...]}, without the wrapper that some forms have. */
    this.fields = unwrapped(body.fields ?? {});
    this.retryAfterSeconds = retryAfter;
  }

  /** The same request may succeed later. */
  get isPassing() {
    return this.status === 429 || this.status >= 500;
  }
}

/** No answer at all. */
export class Unreachable extends Error {
  constructor() {
    super("ChatFlow cannot be reached. Check your connection and try again.");
    this.isPassing = true;
  }
}

function unwrapped(fields) {
  const entries = Object.entries(fields);
  return Object.fromEntries(
    entries.map(([name, problems]) => [name.replace(/^user\./, ""), problems]),
  );
}

let whenSignedOut = () => {};

/** Called when any answer says that nobody is signed in. */
export function onSignedOut(listener) {
  whenSignedOut = listener;
}

/** Each answers the answer's JSON, or null. They throw Refused and Unreachable. */
export const get = (path, options) => call("GET", path, undefined, options);
export const [post, put, patch, del] = ["POST", "PUT", "PATCH", "DELETE"].map(
  (method) => (path, body) => call(method, path, body),
);

async function call(...request) {
  return (await ask(...request)).answer;
}

/** Shape: {answer, next: the path of the next page, or undefined} */
export async function getPage(path, options) {
  const { answer, response } = await ask("GET", path, undefined, options);
  const [, next] = response.headers.get("Link")?.match(/<([^>]*)>; *rel="?next/) ?? [];
  return { answer, next };
}

async function ask(method, path, body, { signal } = {}) {
  const response = await fetched(path, {
    method,
    signal,
    headers: { Accept: "application/json", ...(body && { "Content-Type": "application/json" }) },
    body: body && JSON.stringify(body),
  });
  const answer = await read(response);
  if (!response.ok) throw refusal(response, answer);
  return { answer, response };
}

/** Throws Unreachable for whatever else fetch throws, but not for what was given up. */
export async function fetched(path, options) {
  try {
    return await fetch(path, options);
  } catch (error) {
    throw error.name === "AbortError" ? error : new Unreachable();
  }
}

async function read(response) {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch {
    if (response.ok) throw new Unreachable(); // It broke off.
    return {};
  }
}

export function refusal(response, body) {
  return refused(response.status, body, response.headers.get("Retry-After"));
}

function refused(status, body, retryAfter) {
  const error = new Refused(status, body ?? {}, Number(retryAfter) || null);
  if (status === 401 && error.code === "unauthenticated") whenSignedOut();
  return error;
}

/**
 * Send a file; `fetch` would not tell how much has gone. `progress(part)` hears of it, from 0 to 1.
 * Throws Refused, Unreachable, and an AbortError when it was given up.
 */
export function upload(file, progress, signal) {
  const request = new XMLHttpRequest();
  request.open("POST", `/attachments?name=${encodeURIComponent(file.name)}`);
  request.setRequestHeader("Accept", "application/json");
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.responseType = "json";
  request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
  signal.addEventListener("abort", () => request.abort());
  return new Promise((resolve, reject) => {
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new DOMException("", "AbortError"));
    request.onload = () => {
      const { status, response } = request;
      if (status === 201 && response) resolve(response);
      else reject(refused(status, response, request.getResponseHeader("Retry-After")));
    };
    request.send(file);
  });
}
