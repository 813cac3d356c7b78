"""Ephemeral news: it rings the doorbell without entering the log, and may be lost."""

from app.kit.events import Event, to_json
from app.messages.events import topic_of
from app.presence.schemas import PresenceOut

# Clients forget somebody who types after this long, unless they hear of it again.
TYPING_LASTS_SECONDS = 5


def typing(conversation_id: int, user_id: int, connection: str | None) -> Event:
    """Not sent back to the connection it came from."""
    data = to_json({"user_id": user_id, "expires_in_seconds": TYPING_LASTS_SECONDS})
    return Event(topic_of(conversation_id), "typing", data, ephemeral=True, sender=connection)


def presence_changed(conversation_id: int, presence: PresenceOut) -> Event:
    """For everybody in one of their conversations."""
    return Event(topic_of(conversation_id), "presence.changed", to_json(presence), ephemeral=True)
