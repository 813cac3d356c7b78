"""Questions about what is unread, for whoever shows or lists conversations."""

from app.kit.db import AnyRow
from app.models import Conversation, Participant
from app.unread.schemas import UnreadOut

# What `show_unread` takes. Nothing is counted: whatever changes the numbers keeps them.
UNREAD_COLUMNS = (
    Participant.last_read_seq,
    (Conversation.messages_count - Participant.read_count).label("unread_count"),
    Participant.unread_mentions,
)


def show_unread(row: AnyRow) -> UnreadOut:
    return {
        "last_read_seq": row.last_read_seq,
        "unread_count": row.unread_count,
        "unread_mentions": row.unread_mentions,
    }
