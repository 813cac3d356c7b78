/** Adding people to a group; to a conversation of two, which starts a group of its own. */

import { post } from "../../api.js";
import { go } from "../../places.js";
import { nameOf, othersIn } from "../../state/people.js";
import { openPicker } from "../picker.js";

export function openAdding(known) {
  const act = async (user_ids, close) => {
    const { conversation } = await post(`/conversations/${known.id}/members`, { user_ids });
    close();
    if (conversation.id !== known.id) go("conversations", conversation.id);
  };
  const button = known.group ? "Add" : "Start a group";
  openPicker({ title: "Add people", words: whatHappens(known), without: known.users, button, act });
}

function whatHappens(known) {
  if (known.group) return "They can read what was said before they came.";
  const name = nameOf(othersIn(known)[0]);
  return `This starts a new group of you, ${name} and whom you choose. What was said here stays between the two of you.`;
}
