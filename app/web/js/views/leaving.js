/** Signing out, which must not lose what was not sent. */

import { countUnsent } from "../state/outbox.js";
import { signOut } from "../state/session.js";
import { ask } from "./dialog.js";

export function leaveAccount() {
  const unsent = countUnsent();
  const words = unsent
    ? `${unsent === 1 ? "A message is" : `${unsent} messages are`} not sent yet, and will be lost.`
    : "Drafts in this browser are forgotten.";
  ask({ title: "Sign out?", words: [words], button: "Sign out", act: signOut });
}
