/** Beginning a conversation with people one finds, or adding them to one. */

import { post } from "../api.js";
import { h } from "../dom.js";
import { go } from "../places.js";
import { start } from "../state/conversations.js";
import { nameOf, othersIn } from "../state/people.js";
import { state } from "../state/store.js";
import { PEOPLE, openFinder } from "./finding.js";
import { pick } from "./picker.js";

export function show(finder) {
  const title = h("input", { type: "text", maxlength: 200 });
  const below = h("label.field", { hidden: true }, "Name of the group", title);
  const changed = (count) => (below.hidden = count < 2);
  const act = async (ids) => {
    const { id } = await start(ids, ids.length > 1 ? title.value.trim() || null : null);
    finder.close();
    go("conversations", id);
  };
  pick(finder, { below, without: [state.me], button: "Start", act, changed });
}

/** To a group; to a conversation of two it starts a group of its own. */
export function openAdding({ id, group, users }) {
  const finder = openFinder({ title: "Add people", ...PEOPLE });
  finder.body.prepend(h("p", whatHappens({ group, users })));
  const act = async (user_ids) => {
    const { conversation } = await post(`/conversations/${id}/members`, { user_ids });
    finder.close();
    if (conversation.id !== id) go("conversations", conversation.id);
  };
  pick(finder, { without: users, button: group ? "Add" : "Start a group", act });
}

function whatHappens({ group, users }) {
  if (group) return "They can read what was said before they came.";
  const name = nameOf(othersIn({ users })[0]);
  return `This starts a new group of you, ${name} and whom you choose. What was said here stays between the two of you.`;
}
