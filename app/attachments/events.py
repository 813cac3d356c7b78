"""News about attachments."""

from collections.abc import Sequence

from app.attachments.schemas import AttachmentOut
from app.auth.events import topic_of
from app.kit.events import Event, to_json


def message_attachments_changed(
    conversation_id: int, message_id: int, attachments: Sequence[AttachmentOut]
) -> Event:
    """All that the message has, as they are now."""
    data = to_json({"message": {"id": message_id, "attachments": attachments}})
    return Event(topic_of(conversation_id), "message.attachments_changed", data)
