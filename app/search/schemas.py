"""Shapes of a search on the wire."""

from enum import StrEnum

from typing_extensions import TypedDict

from app.messages.schemas import MessageOut

QUERY_MAX_CHARACTERS = 200


class Sort(StrEnum):
    """`best` is whole words first, then beginnings of words, then parts."""

    NEWEST = "newest"
    BEST = "best"


class Hit(TypedDict):
    """A message that was found. `highlights` are pairs of start and length in code points."""

    conversation_id: int
    message: MessageOut
    highlights: list[tuple[int, int]]


class SearchPage(TypedDict):
    hits: list[Hit]
