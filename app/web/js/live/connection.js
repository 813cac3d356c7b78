/** The one live connection: it comes back by itself, from where it was. */

import { fetched, refusal } from "../api.js";
import { listen } from "../dom.js";
import { eventsOf } from "./stream.js";

const PAUSES_MS = [300, 1_000, 2_000, 5_000, 10_000];
const AWAY_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 2_000;
/** The server says something every `heartbeat_seconds`: after so many of them it is gone. */
const BEATS = 2.5;
const BEAT_SECONDS_UNTIL_TOLD = 15;

export class Connection {
  /** `hear(event)` gets all news; `tell(how)` hears "connecting", "live", "waiting" or "offline". */
  constructor({ hear, tell }) {
    this.hear = hear;
    this.tell = tell;
    this.cursor = null;
    this.#forgetPause();
    this.#watch();
  }

  async run() {
    while (!this.isClosed) {
      this.tell(navigator.onLine ? "connecting" : "offline");
      try {
        await this.#follow();
      } catch (error) {
        if (error.status === 401 || this.isClosed) break;
        this.askedPauseMs = (error.retryAfterSeconds ?? 0) * 1_000;
      }
      if (!this.isClosed) await this.#pause();
    }
  }

  close() {
    this.isClosed = true;
    this.#hangUp();
    clearTimeout(this.resting);
    this.endPause?.();
    this.unwatch.abort();
  }

  async #follow() {
    this.line = new AbortController();
    this.#noteSound();
    const since = this.cursor ? { "Last-Event-ID": this.cursor } : {};
    this.isAway = document.hidden;
    const response = await fetched(`/events${this.isAway ? "?away=true" : ""}`, {
      headers: { Accept: "text/event-stream", ...since },
      signal: this.line.signal,
      cache: "no-store",
    });
    if (!response.ok) throw refusal(response, await response.json().catch(() => ({})));
    for await (const event of eventsOf(response.body)) {
      this.#noteSound();
      if (event) this.#take(event);
    }
  }

  #take({ id, data, retry }) {
    if (retry) this.askedPauseMs = Number(retry);
    if (data) {
      const event = JSON.parse(data);
      if (event.type === "welcome") this.#arrive(event);
      this.hear(event);
    }
    if (id) this.cursor = id;
  }

  #arrive({ heartbeat_seconds }) {
    this.beatSeconds = heartbeat_seconds ?? BEAT_SECONDS_UNTIL_TOLD;
    this.#forgetPause();
    this.tell("live");
  }

  #forgetPause() {
    this.tries = 0;
    this.askedPauseMs = 0;
  }

  /** Ends early when the network is back, or somebody looks. */
  #pause() {
    this.tell(navigator.onLine ? "waiting" : "offline");
    const usual = PAUSES_MS[Math.min(this.tries++, PAUSES_MS.length - 1)];
    const pause = Math.max(this.askedPauseMs, usual * (0.5 + Math.random() / 2));
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, pause);
      this.endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #noteSound() {
    this.heardAt = Date.now();
  }

  #hangUp() {
    this.line?.abort();
  }

  /** A line that was cut says nothing; and after a sleep much time has passed. */
  #watch() {
    this.beatSeconds = BEAT_SECONDS_UNTIL_TOLD;
    const timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.unwatch = new AbortController();
    const { signal } = this.unwatch;
    signal.addEventListener("abort", () => clearInterval(timer));
    const listeners = { offline: () => this.#hangUp(), online: () => this.endPause?.() };
    listen(window, listeners, { signal });
    listen(document, { visibilitychange: () => this.#wake() }, { signal });
  }

  /** Who does not look is away, and says so by a line of another kind. */
  #wake() {
    this.#look();
    clearTimeout(this.resting);
    if (document.hidden) this.resting = setTimeout(() => this.#hangUp(), AWAY_AFTER_MS);
    else if (this.isAway) this.#hangUp();
    if (!document.hidden) this.endPause?.();
  }

  #look() {
    if (Date.now() - this.heardAt > this.beatSeconds * BEATS * 1_000) this.#hangUp();
  }
}
