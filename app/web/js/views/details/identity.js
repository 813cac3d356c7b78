/** Name and face of a conversation, which admins of a group change. */

import { fill, h } from "../../dom.js";
import { conversation, edit } from "../../state/conversations.js";
import { faceOfConversation, othersIn, titleOf } from "../../state/people.js";
import { openDialog } from "../dialog.js";
import { form } from "../form.js";

export class Identity {
  constructor(id) {
    this.face = h("div", { class: "preview" });
    this.title = h("h3", { dir: "auto" });
    this.about = h("p", { class: "hint" });
    this.edit = h(
      "button",
      { onclick: () => openEditing(conversation(id)) },
      "Change name and picture",
    );
    this.element = h("div", { class: "identity" }, this.face, this.title, this.about, this.edit);
  }

  render(known, isAdmin) {
    this.edit.hidden = !isAdmin;
    if (this.shown === known) return;
    this.shown = known;
    fill(this.face, faceOfConversation(known));
    this.title.textContent = titleOf(known);
    this.about.textContent = about(known);
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
