/** What a message said before. */

import { fill, h } from "../dom.js";
import { listVersions } from "../state/acts.js";
import { whole } from "../times.js";
import { openDialog } from "./dialog.js";

export async function open(message) {
  const list = h("ol", { class: "entries" });
  const note = h("p", { class: "note", role: "status" }, "Loading …");
  openDialog("Earlier versions", note, list);
  try {
    const versions = await listVersions(message);
    const now = { body: message.body, created_at: message.edited_at };
    fill(list, ...[...versions, now].map(version).reverse());
    note.textContent = "";
  } catch (error) {
    note.textContent = error.message;
  }
}

function version({ body, created_at }) {
  const time = h("time", { datetime: created_at }, whole(created_at));
  return h("li", {}, time, h("p", { class: "body", dir: "auto" }, body));
}
