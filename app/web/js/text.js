/** What somebody wrote, with the links and the names in it. */

import { h } from "./dom.js";

const LINK = /\bhttps?:\/\/[^\s<>"]+|\bmailto:[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
const TRAILING = /[.,;:!?'*_~]+$/u;

/** Text nodes and links; everything else that it may look like stays text. */
export function linked(text) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const words = trimmed(match[0]);
    const href = address(words);
    if (!href) continue;
    parts.push(text.slice(from, match.index), link(href, words));
    from = match.index + words.length;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

const CALL = /(?<![\w.@-])@([\p{L}\p{M}\p{N}_.-]+)/gu;

/** Shape of `names`: Map of a username in small letters -> is it to oneself? */
export function called(text, names) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(CALL)) {
    const name = reading(match[1], names);
    if (!name) continue;
    const end = match.index + 1 + name.length;
    const isToMe = names.get(plain(name));
    const mention = h(
      "span",
      { class: `mention ${isToMe ? "is-me" : ""}` },
      text.slice(match.index, end),
    );
    parts.push(text.slice(from, match.index), mention);
    from = end;
  }
  return [...parts, text.slice(from)].filter((part) => part !== "");
}

const plain = (name) => name.normalize("NFKC").toLowerCase();

/** A username may end with a full stop, and so may a sentence. */
function reading(word, names) {
  while (!names.has(plain(word)) && /[_.-]$/.test(word)) word = word.slice(0, -1);
  return names.has(plain(word)) ? word : null;
}

/** Only what may be opened. */
export function link(href, words) {
  return h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);
}

/** A closing bracket belongs to the sentence, unless it was opened in the address. */
function trimmed(words) {
  let rest = words.replace(TRAILING, "");
  while (rest.endsWith(")") && !rest.includes("(")) rest = rest.slice(0, -1).replace(TRAILING, "");
  return rest;
}

/** As http(s) or mailto, or null. */
export function address(words) {
  const isMail = !/^[a-z]+:/i.test(words) && words.includes("@");
  try {
    const url = new URL(isMail ? `mailto:${words}` : words);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

const EXCERPT_CHARACTERS = 200;
const BEFORE_FIRST = 60;

/** The part of a text where something was found. `spans`: pairs of start and length in code points. */
export function excerpt(text, spans) {
  const characters = [...text];
  const from = Math.max(0, (spans[0]?.[0] ?? 0) - BEFORE_FIRST);
  const to = Math.min(characters.length, from + EXCERPT_CHARACTERS);
  const cut = (start, end) => characters.slice(Math.max(start, from), Math.min(end, to)).join("");
  const parts = from > 0 ? ["… "] : [];
  let at = from;
  for (const [start, length] of spans.filter(([start]) => start < to)) {
    parts.push(cut(at, start), h("mark", {}, cut(start, start + length)));
    at = start + length;
  }
  return [...parts, cut(at, to), to < characters.length ? " …" : ""];
}
