"""Posting a message, and changing it.

Whatever changes one holds the log of its conversation first, as posting does: so two of them wait
for each other and never deadlock, and what is told is what is there.
"""

from app.messages.actions.editing import AuthorOnly, TooManyVersions, edit
from app.messages.actions.holding import MessageWithdrawn
from app.messages.actions.pinning import TooManyPins, pin, unpin
from app.messages.actions.posting import IdempotencyKeyReuse, Posted, post, post_within
from app.messages.actions.reacting import TooManyReactions, react, take_back
from app.messages.actions.withdrawing import AuthorOrAdminsOnly, withdraw
from app.messages.actions.writing import Writer

__all__ = [
    "AuthorOnly",
    "AuthorOrAdminsOnly",
    "IdempotencyKeyReuse",
    "MessageWithdrawn",
    "Posted",
    "TooManyPins",
    "TooManyReactions",
    "TooManyVersions",
    "Writer",
    "edit",
    "pin",
    "post",
    "post_within",
    "react",
    "take_back",
    "unpin",
    "withdraw",
]
