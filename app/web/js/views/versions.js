/** What a message said before. */

import { fill, h, say } from "../dom.js";
import { listVersions } from "../state/acts.js";
import { whole } from "../times.js";

export async function show({ body }, message) {
  try {
    const versions = await listVersions(message);
    const now = { body: message.body, created_at: message.edited_at };
    fill(body, h("ol.entries", ...[...versions, now].map(version).reverse()));
  } catch (error) {
    say(body.firstChild, error.message);
  }
}

function version({ body, created_at }) {
  const time = h("time", { datetime: created_at }, whole(created_at));
  return h("li", time, h("p.body", { dir: "auto" }, body));
}
