/** Beginning a conversation with people one finds. */

import { h } from "../dom.js";
import { go } from "../places.js";
import { start } from "../state/conversations.js";
import { state } from "../state/store.js";
import { openPicker } from "./picker.js";

export function open() {
  const title = h("input", { type: "text", id: "group-title", maxlength: 200 });
  const below = h(
    "div",
    { class: "field", hidden: true },
    h("label", { for: "group-title" }, "Name of the group"),
    title,
  );
  const changed = (count) => (below.hidden = count < 2);
  const act = async (ids, close) => {
    const started = await start(ids, ids.length > 1 ? title.value.trim() || null : null);
    close();
    go("conversations", started.id);
  };
  openPicker({
    title: "New conversation",
    below,
    without: [state.me],
    button: "Start",
    act,
    changed,
  });
}
