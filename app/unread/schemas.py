"""Shapes of what is unread, on the wire."""

from typing_extensions import TypedDict


class UnreadOut(TypedDict):
    """How far I have read, and what of others I have not.

    A message that was withdrawn is not unread. `unread_mentions` are those that name me, or
    everyone.
    """

    last_read_seq: int
    unread_count: int
    unread_mentions: int
