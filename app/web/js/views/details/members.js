/** Who is in a conversation, as what, and what may be done about it. */

import { del, patch } from "../../api.js";
import { h, keep } from "../../dom.js";
import { iconButton } from "../../icons.js";
import { roleIn } from "../../state/conversations.js";
import { face, nameOf } from "../../state/people.js";
import { presenceOf } from "../../state/presence.js";
import { isMe, state } from "../../state/store.js";
import { ask } from "../dialog.js";
import { select } from "../form.js";

const RANKS = { owner: 2, admin: 1, member: 0 };
const ROLES = [
  ["owner", "Owner"],
  ["admin", "Admin"],
  ["member", "Member"],
];
const PRESENCES = { online: "Here", away: "Away" };

export class Members {
  constructor(id) {
    this.id = id;
    this.problem = h("p.error", { role: "alert" });
    this.list = h("ul.lines.members", { label: "People in it" });
    this.element = h("div.part", { tabindex: -1 }, this.list, this.problem);
  }

  /** Who has the focus in a line that changes, keeps it in the list. */
  render(known) {
    const hadFocus = this.list.contains(document.activeElement);
    const mine = known.group ? roleIn(known) : null;
    const sorted = [...known.users].sort((one, other) => RANKS[other.role] - RANKS[one.role]);
    keep(
      this.list,
      sorted.map((member) => this.#row(member, mine)),
    );
    if (hadFocus && !this.list.contains(document.activeElement)) this.element.focus();
  }

  #row(member, mine) {
    const user = state.people.get(member.id) ?? member;
    const presence = PRESENCES[presenceOf(member)?.status];
    return {
      key: member.id,
      memo: [member.role, user, mine, presence],
      make: () => this.#line(member.role, user, mine, presence),
    };
  }

  #line(role, user, mine, presence) {
    const name = nameOf(user);
    const about = [user.username && `@${user.username}`, presence].filter(Boolean).join(" · ");
    return h(
      "li",
      face(user),
      h("div.names", h("p", h("bdi", name), isMe(user.id) && " (you)"), h("p.hint", about)),
      mine === "owner" && !isMe(user.id) ? this.#roleOf(user, role) : mine && h("span.badge", role),
      !isMe(user.id) &&
        RANKS[mine] > RANKS[role] &&
        iconButton("close", `Remove ${name}`, () => this.#remove(user)),
    );
  }

  #roleOf(user, role) {
    const label = `Role of ${nameOf(user)}`;
    const choice = select(ROLES, {
      value: role,
      label,
      onchange: () => this.#choose(choice, user, role),
    });
    return choice;
  }

  async #choose(choice, user, before) {
    const role = choice.value;
    this.problem.textContent = "";
    const change = () => patch(this.#path(user), { role });
    if (role === "owner") {
      choice.value = before;
      handOver(user, change);
      return;
    }
    try {
      await change();
    } catch (error) {
      choice.value = before;
      this.problem.textContent = error.message;
    }
  }

  #remove(user) {
    const name = nameOf(user);
    const words = [
      "They read nothing of it any more, neither the new nor the old. What they wrote stays.",
    ];
    ask({ title: `Remove ${name}?`, words, button: "Remove", act: () => del(this.#path(user)) });
  }

  #path(user) {
    return `/conversations/${this.id}/members/${user.id}`;
  }
}

function handOver(user, act) {
  const words = [
    `${nameOf(user)} will own the group, and you become an admin. Only they can give it back.`,
  ];
  ask({ title: "Hand the group over?", words, button: "Hand over", act });
}
