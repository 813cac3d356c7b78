"""News about who is in a group: for all who are, and for the one whom it concerns."""

from app.auth.events import topic_of_user
from app.conversations.schemas import ConversationOut, MemberOut
from app.kit.events import Event, to_json
from app.messages.events import topic_of


def member_added(conversation_id: int, member: MemberOut, by: int) -> Event:
    """`by` is who did it: for somebody who came by an invite, they themselves."""
    data = to_json({"member": member, "by": by})
    return Event(topic_of(conversation_id), "member.added", data)


def member_removed(conversation_id: int, user_id: int, by: int) -> Event:
    """`by` is they themselves for somebody who left."""
    data = to_json({"member": {"id": user_id}, "by": by})
    return Event(topic_of(conversation_id), "member.removed", data)


def member_role_changed(conversation_id: int, member: MemberOut, by: int) -> Event:
    data = to_json({"member": member, "by": by})
    return Event(topic_of(conversation_id), "member.role_changed", data)


def member_edited(conversation_id: int, member: MemberOut) -> Event:
    """They have another name, username or picture, or have closed their account."""
    return Event(topic_of(conversation_id), "member.edited", to_json({"member": member}))


def membership_began(conversation: ConversationOut, member: MemberOut, by: int) -> Event:
    data = to_json({"conversation": conversation, "member": member, "by": by})
    return Event(topic_of_user(member["id"]), "membership.began", data)


def membership_ended(conversation_id: int, user_id: int, by: int) -> Event:
    data = to_json({"conversation": {"id": conversation_id}, "by": by})
    return Event(topic_of_user(user_id), "membership.ended", data)
