/** A conversation as a whole: a drawer at the side, and all of a phone. Its address is its own. */

import { fill, h } from "../../dom.js";
import { place, replace } from "../../places.js";
import { conversation, leads } from "../../state/conversations.js";
import { openWindow } from "../dialog.js";
import { openAdding } from "./adding.js";
import { Identity } from "./identity.js";
import { invites } from "./invites.js";
import { openLeaving } from "./leaving.js";
import { Members } from "./members.js";
import { Preferences } from "./preferences.js";

const CONSTANT = "Archive it to have it out of the way: it always has the same two people.";

export class Details {
  constructor(id) {
    this.id = id;
    const { group } = conversation(id);
    this.views = [new Identity(id), new Preferences(id), new Members(id)];
    const [identity, preferences, members] = this.views.map((view) => view.element);
    this.add = h(
      "div",
      {},
      h("button", { onclick: () => openAdding(conversation(id)) }, "Add people"),
    );
    this.arranging = h("div", { class: "part" });
    const leave = h(
      "button",
      { class: "danger", onclick: () => openLeaving(conversation(id)) },
      "Leave the group",
    );
    const end = group ? h("div", {}, leave) : h("p", { class: "hint" }, CONSTANT);
    const people = h("h3", {}, "People");
    const content = [identity, preferences, people, members, this.add, this.arranging, end];
    this.close = openWindow("dialog drawer", "Details", content, () => this.#leave());
  }

  render() {
    const known = conversation(this.id);
    if (!known) {
      this.close();
      return;
    }
    const isAdmin = leads(known);
    this.views.forEach((view) => view.render(known, isAdmin));
    this.add.hidden = known.group && !isAdmin;
    if (isAdmin === this.wasAdmin) return;
    this.wasAdmin = isAdmin;
    fill(this.arranging, ...(isAdmin ? invites(this.id) : []));
  }

  #leave() {
    const { path } = place();
    if (path[1] === String(this.id) && path[2] === "details") replace("conversations", this.id);
  }
}
