/** One's account, a page for each part of it. */

import { h } from "../../dom.js";
import { iconButton } from "../../icons.js";
import { go, href } from "../../places.js";
import { account, closing } from "./account.js";
import { activity } from "./activity.js";
import { logins } from "./logins.js";
import { profile } from "./profile.js";
import { secondFactor } from "./second_factor.js";
import { tokens } from "./tokens.js";

/** Shape: {part: [name, () => elements]} */
const PARTS = {
  profile: ["Profile", profile],
  account: ["E-mail and password", account],
  "second-factor": ["Second factor", secondFactor],
  logins: ["Devices", logins],
  tokens: ["Tokens", tokens],
  activity: ["Activity", activity],
  closing: ["Leave", closing],
};

export class Settings {
  constructor(wanted) {
    const part = Object.hasOwn(PARTS, wanted ?? "") ? wanted : "profile";
    const [name, make] = PARTS[part];
    this.element = h(
      "section.settings",
      h(
        "header.head",
        iconButton("back", "Back to all conversations", () => go(), "only-narrow"),
        h("h1", "Settings"),
      ),
      h("nav", { label: "Settings" }, h("ul", ...links(part))),
      h("div.scroll", h("div.column", h("h2", name), ...make())),
    );
  }

  arrive() {
    this.element.querySelector("[aria-current]").focus();
  }

  render() {}
}

function links(open) {
  return Object.entries(PARTS).map(([part, [name]]) =>
    h(
      "li",
      h("a", { href: href("settings", part), "aria-current": part === open ? "page" : null }, name),
    ),
  );
}
