"""Questions about messages. Rows go straight to the wire: no objects are made of them."""

from app.messages.queries.by_id import list_by_id
from app.messages.queries.mentions import find_mentions
from app.messages.queries.newest import NEWEST, show_newest
from app.messages.queries.pages import Pages
from app.messages.queries.pins import count_pins, list_pins
from app.messages.queries.places import newer_than, older_than
from app.messages.queries.reactions import list_reactions
from app.messages.queries.replies import count_replies, list_quoting_seqs
from app.messages.queries.single import Draft, find_by_client_id, find_message, has_message
from app.messages.queries.versions import count_versions, open_versions

__all__ = [
    "NEWEST",
    "Draft",
    "Pages",
    "count_pins",
    "count_replies",
    "count_versions",
    "find_by_client_id",
    "find_mentions",
    "find_message",
    "has_message",
    "list_by_id",
    "list_pins",
    "list_quoting_seqs",
    "list_reactions",
    "newer_than",
    "older_than",
    "open_versions",
    "show_newest",
]
