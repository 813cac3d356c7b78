/** `/` or Ctrl+K begin to search, from wherever one is. */

import { openSearching } from "./later.js";

export function searchByKeys(event) {
  const { key, target, ctrlKey, metaKey, altKey } = event;
  const isWriting = target.closest?.("input, textarea, select");
  const isSlash = key === "/" && !isWriting && !ctrlKey && !metaKey && !altKey;
  const isCtrlK = key.toLowerCase() === "k" && (ctrlKey || metaKey);
  if (!(isSlash || isCtrlK)) return;
  event.preventDefault();
  openSearching();
}
