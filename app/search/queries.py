"""Questions that find messages: a fixed number of them, however much is found."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, String, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.errors import Invalid
from app.kit.keyset import Key, Neighbours, bad_cursor
from app.messages.queries import list_by_id
from app.models import Message
from app.search.highlights import highlights, pieces_of
from app.search.matching import Place, Search, Term, find_matching
from app.search.schemas import Hit, Sort

# The best are chosen from so many of the newest that match.
BEST_OF = 200
# Longer ones are judged by their beginning: patterns take longer than looking for a word.
_JUDGED_CHARACTERS = 1_000
_SPECIAL_IN_PATTERNS = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Found(Neighbours):
    """The ids of a page of messages."""

    ids: Sequence[int]


async def find_terms(session: AsyncSession, query: str) -> list[Term]:
    """Raises: Invalid when there is nothing but marks in the query."""
    words = func.string_to_array(func.search_fold(query), " ")
    word = func.unnest(words, type_=String).column_valued("word")
    rows = await session.execute(select(word, func.search_grams(word)))
    terms = {text: Term(text, grams) for text, grams in rows if text}
    if not terms:
        raise Invalid.field("query", "blank", "can't be blank")
    return list(terms.values())


async def find(session: AsyncSession, search: Search, key: Key | None, limit: int) -> Found:
    """Raises: Invalid for a cursor of another order."""
    if search.sort is Sort.BEST:
        return await _find_best(session, search, key, limit)
    if key is not None and key.sorted_by:
        raise bad_cursor()
    place = Place(key.id, key.backwards) if key else Place()
    ids = await find_matching(session, search, place, limit + 1)
    goes_on, ids = len(ids) > limit, ids[:limit]
    came_from = key is not None and await _has_any_behind(session, search, key)
    if place.upwards:
        ids.reverse()
    before, after = (goes_on, came_from) if place.upwards else (came_from, goes_on)
    return Found(
        ids,
        prev=Key("", ids[0], backwards=True) if ids and before else None,
        next=Key("", ids[-1]) if ids and after else None,
    )


async def _has_any_behind(session: AsyncSession, search: Search, key: Key) -> bool:
    """The message that the key was made from is there itself, unless it has changed."""
    this_side = Place(key.id + (1 if key.backwards else -1), upwards=not key.backwards)
    return bool(await find_matching(session, search, this_side, 1))


async def _find_best(session: AsyncSession, search: Search, key: Key | None, limit: int) -> Found:
    """Those that match are sorted here: an index has no order by how well they do."""
    ids = await find_matching(session, search, Place(), BEST_OF)
    judged = select(_score(search.terms), Message.id).where(Message.id.in_(ids))
    ranked = sorted(((score, id) for score, id in await session.execute(judged)), reverse=True)
    part = _part(ranked, key, limit)
    page = ranked[part]
    return Found(
        [id for _, id in page],
        prev=Key(str(page[0][0]), page[0][1], backwards=True) if page and part.start else None,
        next=Key(str(page[-1][0]), page[-1][1]) if ranked[part.stop :] else None,
    )


def _part(ranked: list[tuple[int, int]], key: Key | None, limit: int) -> slice:
    if key is None:
        return slice(0, limit)
    if not re.fullmatch("[0-9]{1,4}", key.sorted_by):
        raise bad_cursor()
    place = (int(key.sorted_by), key.id)
    if key.backwards:
        end = sum(one > place for one in ranked)
        return slice(max(0, end - limit), end)
    start = sum(one >= place for one in ranked)
    return slice(start, start + limit)


def _score(terms: Sequence[Term]) -> ColumnElement[int]:
    """One for each word that begins so, another if it is the whole, one if all are in a row."""
    beginning = func.left(Message.search_text, _JUDGED_CHARACTERS)
    words = [r"\m" + _SPECIAL_IN_PATTERNS.sub(r"\\\1", term.text) for term in terms]
    signs = [beginning.regexp_match(word) for word in words]
    signs += [beginning.regexp_match(word + r"\M") for word in words]
    phrase = " ".join(term.text for term in terms)
    return sum(
        (cast(sign, Integer) for sign in signs),
        start=cast(func.strpos(beginning, phrase) > 0, Integer),
    )


async def list_hits(session: AsyncSession, search: Search, found: Found) -> list[Hit]:
    """In the order in which they were found."""
    messages = await list_by_id(session, search.user_id, found.ids)
    shown = [messages[id] for id in found.ids if id in messages]
    folded = await _fold(session, pieces_of(message["body"] for message in shown))
    words = [term.text for term in search.terms]
    return [
        {
            "conversation_id": message["conversation_id"],
            "message": message,
            "highlights": highlights(message["body"], words, folded),
        }
        for message in shown
    ]


async def _fold(session: AsyncSession, pieces: set[str]) -> dict[str, str]:
    piece = func.unnest(cast(list(pieces), ARRAY(String)), type_=String).column_valued("piece")
    return {row[0]: row[1] for row in await session.execute(select(piece, func.search_fold(piece)))}
