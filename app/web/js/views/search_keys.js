/** `/` or Ctrl+K begin to search, from wherever one is. */

import { openSearching } from "./later.js";

/** Answers how to stop. */
export function watchForSearch() {
  const watching = new AbortController();
  addEventListener("keydown", pressed, { signal: watching.signal });
  return () => watching.abort();
}

function pressed(event) {
  const isWriting = event.target.closest?.("input, textarea, select");
  const isSlash =
    event.key === "/" && !isWriting && !event.ctrlKey && !event.metaKey && !event.altKey;
  const isCtrlK = event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey);
  if (!(isSlash || isCtrlK)) return;
  event.preventDefault();
  openSearching();
}
