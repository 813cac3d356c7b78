/** What somebody wrote, with the links and the names in it. */

import { h } from "./dom.js";

const LINK = /\bhttps?:\/\/[^\s<>"]+|\bmailto:[^\s<>"]+|\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu;
const TRAILING = /[.,;:!?'*_~]+$/u;

/** Text nodes and links; everything else that it may look like stays text. */
export function linked(text) {
  return withParts(text, LINK, ([match]) => {
    const words = trimmed(match);
    const href = address(words);
    return href && [words.length, link(href, words)];
  });
}

const CALL = /(?<![\w.@-])@([\p{L}\p{M}\p{N}_.-]+)/gu;

/** Shape of `names`: Map of a username in small letters -> is it to oneself? */
export function called(text, names) {
  return withParts(text, CALL, ([, word]) => {
    const name = reading(word, names);
    const className = names.get(plain(name ?? "")) ? "is-me" : "";
    return name && [name.length + 1, h("span.mention", { class: className }, `@${name}`)];
  });
}

/** `make(match)` answers how much of it is to be an element, and that; or nothing. */
function withParts(text, pattern, make) {
  const parts = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    const [length, element] = make(match) || [];
    if (!element) continue;
    parts.push(text.slice(from, match.index), element);
    from = match.index + length;
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
    parts.push(cut(at, start), h("mark", cut(start, start + length)));
    at = start + length;
  }
  return [...parts, cut(at, to), to < characters.length ? " …" : ""];
}
