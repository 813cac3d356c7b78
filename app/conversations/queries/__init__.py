"""Questions about conversations: a fixed number of them, however long the lists."""

from app.conversations.queries.cards import Card, Cards, load_cards
from app.conversations.queries.finding import find_direct, list_unknown_ids
from app.conversations.queries.lists import Lists
from app.conversations.queries.own import Own, find_own
from app.conversations.queries.showing import MEMBER_COLUMNS, show_conversation, show_member

__all__ = [
    "MEMBER_COLUMNS",
    "Card",
    "Cards",
    "Lists",
    "Own",
    "find_direct",
    "find_own",
    "list_unknown_ids",
    "load_cards",
    "show_conversation",
    "show_member",
]
