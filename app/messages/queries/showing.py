"""A message, as everybody in its conversation reads it."""

from app.kit.clock import iso
from app.kit.db import AnyRow
from app.messages.schemas import MessageOut
from app.models import Message

# In the order of the event's data, so that a message reads the same everywhere.
COLUMNS = (
    Message.id,
    Message.seq,
    Message.created_at,
    Message.updated_at,
    Message.conversation_id,
    Message.user_id,
    Message.body,
    Message.client_id,
    Message.edited_at,
    Message.withdrawn_at,
)


def show_message(row: AnyRow) -> MessageOut:
    return {
        "id": row.id,
        "seq": row.seq,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
        "conversation_id": row.conversation_id,
        "user_id": row.user_id,
        "body": row.body,
        "client_id": row.client_id,
        "edited_at": iso(row.edited_at) if row.edited_at else None,
        "withdrawn_at": iso(row.withdrawn_at) if row.withdrawn_at else None,
    }
