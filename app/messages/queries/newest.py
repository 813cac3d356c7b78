"""What was said last."""

from datetime import datetime

from app.kit.clock import iso
from app.messages.schemas import QUOTE_MAX_CHARACTERS, LastMessageOut

# In the conversation of the query around it: one row of an index is read.
# Shape of a row: what `show_newest` takes.
NEWEST = f"""
    SELECT id, seq, created_at, user_id, withdrawn_at, left(body, {QUOTE_MAX_CHARACTERS}) AS body
    FROM messages WHERE conversation_id = conversations.id ORDER BY seq DESC LIMIT 1
"""


def show_newest(
    id: int, seq: int, created_at: datetime, user_id: int, withdrawn_at: datetime | None, body: str
) -> LastMessageOut:
    return {
        "id": id,
        "seq": seq,
        "created_at": iso(created_at),
        "user_id": user_id,
        "body": body,
        "withdrawn_at": iso(withdrawn_at) if withdrawn_at else None,
    }
