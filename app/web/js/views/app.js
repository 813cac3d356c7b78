/** The page: the entrance for who is signed out, and otherwise the list beside a conversation. */

import { h, fill } from "../dom.js";
import { onMove, openId, place } from "../places.js";
import { conversation } from "../state/conversations.js";
import { state, subscribe } from "../state/store.js";
import { Conversation } from "./conversation.js";
import { entrance, isAtEntrance } from "./entrance.js";
import { nothingOpen } from "./empty.js";
import { details, joining, loadingView, settings } from "./later.js";
import { searchByKeys } from "./search_keys.js";
import { Sidebar } from "./sidebar.js";
import { showBanner, showTitle } from "./outside.js";

/** What is muted until a time, or was said today, is not for ever. */
const EVERY_MS = 60_000;

const root = document.getElementById("app");
let shown = null;

export function show() {
  subscribe(render);
  onMove(render);
  setInterval(render, EVERY_MS);
  addEventListener("keydown", (event) => shown instanceof Home && searchByKeys(event));
}

function render() {
  if (state.me === undefined) return;
  showBanner();
  showTitle();
  const wanted = state.me && !isAtEntrance(place()) ? `home ${state.me.id}` : entranceKey();
  if (shown?.key !== wanted) {
    shown?.close?.();
    document.querySelectorAll("dialog").forEach((dialog) => dialog.close());
    shown = wanted.startsWith("home") ? new Home() : makeEntrance();
    shown.key = wanted;
    fill(root, shown.element);
    shown.arrive?.();
  }
  shown.render();
}

const entranceKey = () => `entrance ${place().path.join("/")}`;

/** Of those who are signed out. */
function makeEntrance() {
  const element = entrance(place());
  return { element, render() {}, arrive: () => element.querySelector("[autofocus]")?.focus() };
}

/** What is open beside the list; null for nothing. */
function beside() {
  const { path } = place();
  const id = openId();
  if (id !== null) return { key: `conversation ${id}`, make: () => new Conversation(id) };
  if (path[0] === "settings") return once(settings(), ({ Settings }) => new Settings(path[1]));
  if (path[0] === "join") return once(joining(), ({ joining }) => joining(path[1]));
  return null;
}

/** Once its module is there. */
function once(module, make) {
  if (!module) return { key: "loading", make: loadingView };
  return { key: place().path.join(" "), make: () => make(module) };
}

/** The list, and what is open beside it. A narrow page shows one of the two. */
class Home {
  constructor() {
    this.sidebar = new Sidebar();
    this.main = h("div.main");
    this.element = h("main.home", this.sidebar.element, this.main);
  }

  render() {
    const wanted = beside();
    this.element.classList.toggle("is-open", wanted !== null);
    this.sidebar.render();
    if (!this.open || this.open.key !== wanted?.key) this.#open(wanted);
    this.open.render();
    this.#showDetails();
  }

  #open(wanted) {
    this.open?.close?.();
    this.open = wanted?.make() ?? nothingOpen();
    this.open.key = wanted?.key;
    fill(this.main, this.open.element);
    this.open.arrive?.();
  }

  #showDetails() {
    const id = place().path[2] === "details" ? openId() : null;
    if (this.details && this.details.id !== id) this.details = this.details.close();
    if (id !== null && conversation(id) && details()) this.details ??= new (details().Details)(id);
    this.details?.render();
  }

  close() {
    this.details?.close();
    this.open?.close?.();
  }
}
