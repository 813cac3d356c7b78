"""News about conversations."""

from collections.abc import Iterable

from app.auth.events import topic_of_user
from app.conversations.schemas import ConversationOut
from app.kit.events import Event, to_json


def conversation_created(user_ids: Iterable[int], conversation: ConversationOut) -> list[Event]:
    """For each of its people: nobody follows a conversation that they do not know of."""
    data = to_json({"conversation": conversation})
    return [Event(topic_of_user(id), "conversation.created", data) for id in user_ids]
