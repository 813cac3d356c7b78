"""News about conversations."""

from collections.abc import Iterable

from app.auth.events import topic_of_user
from app.conversations.schemas import ConversationOut
from app.kit.events import Event, to_json
from app.messages.events import topic_of


def conversation_created(user_ids: Iterable[int], conversation: ConversationOut) -> list[Event]:
    """For each of its people: nobody follows a conversation that they do not know of."""
    data = to_json({"conversation": conversation})
    return [Event(topic_of_user(id), "conversation.created", data) for id in user_ids]


def conversation_edited(conversation: ConversationOut, editor_id: int) -> Event:
    data = to_json({"conversation": conversation, "by": editor_id})
    return Event(topic_of(conversation["id"]), "conversation.edited", data)
