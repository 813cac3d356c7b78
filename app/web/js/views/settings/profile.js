/** What others see of one: name and face, and whether they see what one does. */

import { fill, h } from "../../dom.js";
import { face } from "../../state/people.js";
import { editProfile, fetchMe } from "../../state/session.js";
import { state } from "../../state/store.js";
import { form } from "../form.js";
import { loading } from "../listing.js";
import { onOff } from "../switch.js";

const SWITCHES = {
  read_receipts: [
    "Show how far I have read",
    "Others see which messages you have read. If not, only you know.",
  ],
  show_presence: [
    "Show when I am here",
    "Others see whether you are here, and when you were last.",
  ],
};

export function profile() {
  return [loading(fetchMe, draw).element];
}

function draw({ name, username, avatar_url }) {
  const preview = h("div.preview");
  const show = (url) => fill(preview, face({ ...state.me, avatar_url: shown(url) }));
  const fields = [
    { name: "name", label: "Name", value: name, autocomplete: "name" },
    {
      name: "username",
      label: "Username",
      hint: "Others mention you by it, as @you.",
      value: username,
      autocapitalize: "none",
    },
    {
      name: "avatar_url",
      label: "Address of a picture",
      hint: "It begins with https://. Without one your initials show.",
      type: "url",
      value: avatar_url,
      oninput: ({ target }) => show(target.value),
    },
  ];
  const submit = async (values) => {
    await editProfile(values);
    return "Saved.";
  };
  show(avatar_url ?? "");
  return [preview, form({ fields, submit, button: "Save" }), ...switches()];
}

/** Nothing else would be loaded, while it is half typed. */
function shown(url) {
  return /^https:\/\/./.test(url.trim()) ? url.trim() : null;
}

/** Those that this server has. */
function switches() {
  const known = Object.entries(SWITCHES).filter(([name]) => name in state.me);
  return known.map(
    ([name, words]) =>
      onOff(...words, state.me[name], (isOn) => editProfile({ [name]: isOn })).element,
  );
}
