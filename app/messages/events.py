"""News about messages."""

from app.kit.events import Event, to_json
from app.messages.schemas import MessageOut


def topic_of(conversation_id: int) -> str:
    return f"conversation:{conversation_id}"


def message_created(message: MessageOut) -> Event:
    topic = topic_of(message["conversation_id"])
    return Event(topic, "message.created", to_json({"message": message}))
