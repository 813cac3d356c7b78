/** What a conversation is to oneself, which nobody else sees. */

import { fill, h } from "../../dom.js";
import { isMuted, setPreferences } from "../../state/conversations.js";
import { clock, dayName } from "../../times.js";
import { options } from "../form.js";
import { choice, onOff } from "../switch.js";

const HOUR_MS = 3_600_000;
/** People call it tomorrow when they get up. */
const MORNING_HOUR = 8;
const LEVELS = [
  ["all", "Everything"],
  ["mentions", "What mentions me"],
  ["nothing", "Nothing"],
];
const MUTES = [
  ["", "No"],
  ["hour", "For an hour"],
  ["tomorrow", "Until tomorrow"],
  ["forever", "For ever"],
];

export class Preferences {
  constructor(id) {
    const set = (name) => (value) => setPreferences(id, { [name]: value });
    this.favourite = onOff("Favourite", "It stands above the others.", false, set("favourite"));
    this.archived = onOff("Archived", "It stands apart, below the others.", false, set("archived"));
    this.mute = choice("Muted", MUTES, (value) =>
      setPreferences(id, { muted_until: until(value) }),
    );
    this.level = choice("Notify me of", LEVELS, set("notifications"));
    const all = [this.favourite, this.archived, this.mute, this.level];
    this.element = h("div.part", ...all.map((one) => one.element));
  }

  render(known) {
    const { favourite, archived, notifications, muted_until } = known.preferences;
    const muted = isMuted(known) ? muted_until : "";
    if (this.shown === known.preferences && this.muted === muted) return;
    [this.shown, this.muted] = [known.preferences, muted];
    this.favourite.show(favourite);
    this.archived.show(archived);
    this.level.show(notifications);
    fill(this.mute.input, ...options(mutes(muted)));
    this.mute.show(muted);
  }
}

function mutes(muted) {
  if (MUTES.some(([value]) => value === muted)) return MUTES;
  return [...MUTES, [muted, `Until ${dayName(muted)}, ${clock(muted)}`]];
}

/** As the server takes it. */
function until(choice) {
  if (choice === "hour") return new Date(Date.now() + HOUR_MS).toISOString();
  if (choice !== "tomorrow") return choice || null;
  const morning = new Date();
  morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  return morning.toISOString();
}
