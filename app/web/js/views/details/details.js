/** A conversation as a whole: a drawer at the side, and all of a phone. Its address is its own. */

import { fill, h, say } from "../../dom.js";
import { place, replace } from "../../places.js";
import { conversation, edit, leads } from "../../state/conversations.js";
import { faceOf, othersIn, titleOf } from "../../state/people.js";
import { openDialog, openWindow } from "../dialog.js";
import { form } from "../form.js";
import { openAdding } from "../starting.js";
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
      h("button", () => openAdding(conversation(id)), "Add people"),
    );
    this.arranging = h("div.part");
    const leave = h("button.danger", () => openLeaving(conversation(id)), "Leave the group");
    const end = group ? h("div", leave) : h("p.hint", CONSTANT);
    const people = h("h3", "People");
    const content = [identity, preferences, people, members, this.add, this.arranging, end];
    this.close = openWindow("drawer", "Details", content, () => this.#leave());
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

/** Name and face, which admins of a group change. */
class Identity {
  constructor(id) {
    this.face = h("div.preview");
    this.title = h("h3", { dir: "auto" });
    this.about = h("p.hint");
    this.edit = h("button", () => openEditing(conversation(id)), "Change name and picture");
    this.element = h("div.identity", this.face, this.title, this.about, this.edit);
  }

  render(known, isAdmin) {
    this.edit.hidden = !isAdmin;
    if (this.shown === known) return;
    this.shown = known;
    fill(this.face, faceOf(known));
    say(this.title, titleOf(known));
    say(this.about, about(known));
  }
}

function about(known) {
  if (known.group) return `A group of ${known.users.length}`;
  const [other] = othersIn(known);
  return other?.username ? `@${other.username}` : "";
}

function openEditing({ id, title, picture_url }) {
  const fields = [
    { name: "title", label: "Name of the group", value: title, maxlength: 200 },
    {
      name: "picture_url",
      label: "Address of a picture",
      hint: "It begins with https://.",
      type: "url",
      value: picture_url,
    },
  ];
  const submit = async (change) => {
    await edit(id, change);
    close();
  };
  const close = openDialog("Name and picture", form({ fields, submit, button: "Save" }));
}
