"""Questions about what is unread, for whoever shows or lists conversations."""

from typing import Protocol

from app.kit.db import AnyRow
from app.unread.schemas import UnreadOut

# Of `participants` and `conversations`: what `show_unread` takes. Nothing is counted: whatever
# changes the numbers keeps them.
UNREAD_COLUMNS = "last_read_seq, messages_count - read_count AS unread_count, unread_mentions"


class Numbers(Protocol):
    @property
    def last_read_seq(self) -> int: ...
    @property
    def unread_count(self) -> int: ...
    @property
    def unread_mentions(self) -> int: ...


def show_unread(row: Numbers | AnyRow) -> UnreadOut:
    return {
        "last_read_seq": row.last_read_seq,
        "unread_count": row.unread_count,
        "unread_mentions": row.unread_mentions,
    }
