"""Questions about messages. Rows go straight to the wire: no objects are made of them."""

from app.messages.queries.history import (
    HistoryPage,
    find_page,
    list_by_id,
    newer_than,
    older_than,
)
from app.messages.queries.mentions import find_mentions
from app.messages.queries.newest import list_newest
from app.messages.queries.pins import count_pins, list_pins
from app.messages.queries.reactions import list_reactions, show_reaction
from app.messages.queries.replies import count_replies, list_quoting_seqs
from app.messages.queries.single import Draft, find_by_client_id, find_message, has_message
from app.messages.queries.versions import count_versions, open_versions

__all__ = [
    "Draft",
    "HistoryPage",
    "count_pins",
    "count_replies",
    "count_versions",
    "find_by_client_id",
    "find_mentions",
    "find_message",
    "find_page",
    "has_message",
    "list_by_id",
    "list_newest",
    "list_pins",
    "list_quoting_seqs",
    "list_reactions",
    "newer_than",
    "older_than",
    "open_versions",
    "show_reaction",
]
