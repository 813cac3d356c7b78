"""News about who has read how far."""

from app.kit.events import Event, to_json
from app.messages.events import topic_of
from app.receipts.schemas import ReceiptOut


def receipts_updated(conversation_id: int, receipts: list[ReceiptOut]) -> Event:
    """Of those who have come further, each as it is now."""
    return Event(topic_of(conversation_id), "receipts.updated", to_json({"receipts": receipts}))


def receipts_removed(conversation_id: int, user_id: int) -> Event:
    """Somebody does not want others to know any more, nor what they knew."""
    return Event(topic_of(conversation_id), "receipts.removed", to_json({"user_id": user_id}))
