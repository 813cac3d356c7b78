"""Which messages match a search: each question has a bound to how many rows it reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    SQLColumnExpression,
    any_,
    bindparam,
    cast,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import AnySelect
from app.kit.paging import Cursor
from app.messages.queries import newer_than, older_than
from app.models import Message, Participant
from app.search.schemas import Sort

# Of all messages, not of one's own: some 10 ms. What is said so often that the index would name
# very many is found among them.
_WALK_MESSAGES = 10_000
# Of three letters `search_grams` makes numbers that are bigger than this.
_THREE_LETTERS = 2**32


@dataclass(frozen=True)
class Term:
    """A word that must be there, folded, and its pieces in the index."""

    text: str
    grams: list[int]


@dataclass(frozen=True)
class Search:
    """What somebody looks for, and where: only in conversations that they are in."""

    user_id: int
    terms: Sequence[Term]
    conversation_id: int | None = None
    author_id: int | None = None
    before: Cursor | None = None
    after: Cursor | None = None
    has_attachment: bool | None = None
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True)
class Place:
    """Beside a message, towards the older or the newer; without an id, beyond the newest."""

    id: int | None = None
    upwards: bool = False

    @property
    def _start(self) -> ColumnElement[int]:
        if self.id is not None:
            return literal(self.id, BigInteger)
        return select(func.max(Message.id) + 1).scalar_subquery()

    @property
    def _end_of_walk(self) -> ColumnElement[int]:
        return self._start + (_WALK_MESSAGES if self.upwards else -_WALK_MESSAGES)

    def near(self, query: AnySelect) -> AnySelect:
        if self.upwards:
            return query.where(Message.id > self._start, Message.id <= self._end_of_walk)
        return query.where(Message.id < self._start, Message.id >= self._end_of_walk)

    def far(self, query: AnySelect) -> AnySelect:
        return query.where(
            Message.id > self._end_of_walk if self.upwards else Message.id < self._end_of_walk
        )

    def nearest(self, id: SQLColumnExpression[int]) -> ColumnElement[int]:
        return id.asc() if self.upwards else id.desc()


async def find_matching(
    session: AsyncSession, search: Search, place: Place, count: int
) -> list[int]:
    """The nearest ids from a place on.

    Two questions, as Postgres cannot know how often these people use these words, and would walk
    through everything for a word that only others use. A walk of some length finds what is common;
    the index finds the rest, and is asked for all of it, so that nothing tempts to walk again.
    """
    if search.before is not None and place == Place():
        place = Place(await _end_of_time(session, search, search.before))
    matches: AnySelect = select(Message.id).where(*_conditions(search))
    walk = place.near(matches).where(_is_among_mine(search))
    walk = walk.order_by(place.nearest(Message.id)).limit(count)
    ids = list((await session.execute(walk)).scalars())
    if len(ids) < count:
        rest = place.far(matches).where(*_is_in_index(search)).cte("rest")
        rest = rest.prefix_with("MATERIALIZED")
        look_up = select(rest.c.id).order_by(place.nearest(rest.c.id)).limit(count - len(ids))
        ids += (await session.execute(look_up)).scalars()
    return ids


async def _end_of_time(session: AsyncSession, search: Search, before: Cursor) -> int:
    """Beyond the newest of mine that is old enough: a walk from now on would not come so far."""
    time = Message.seq if isinstance(before.at, int) else Message.created_at
    newest = (
        select(Message.id)
        .where(Message.conversation_id == Participant.conversation_id, older_than(before))
        .order_by(time.desc())
        .limit(1)
        .lateral()
    )
    mine = select(func.max(newest.c.id)).select_from(Participant).join(newest, true())
    mine = mine.where(Participant.user_id == search.user_id)
    if search.conversation_id is not None:
        mine = mine.where(Participant.conversation_id == search.conversation_id)
    return ((await session.execute(mine)).scalar() or 0) + 1


def _conditions(search: Search) -> list[ColumnElement[bool]]:
    """Not LIKE: so nothing that is looked for has a special character in it."""
    conditions = [func.strpos(Message.search_text, term.text) > 0 for term in search.terms]
    if search.author_id is not None:
        conditions.append(Message.user_id == search.author_id)
    if search.has_attachment is not None:
        has_none = Message.attachments.is_(None)
        conditions.append(~has_none if search.has_attachment else has_none)
    if search.before is not None:
        conditions.append(older_than(search.before))
    if search.after is not None:
        conditions.append(newer_than(search.after))
    return conditions


def _my_conversations(search: Search) -> ColumnElement[Any]:
    mine = select(Participant.conversation_id).where(Participant.user_id == search.user_id)
    if search.conversation_id is not None:
        mine = mine.where(Participant.conversation_id == search.conversation_id)
    return func.array(mine.scalar_subquery(), type_=ARRAY(BigInteger))


def _is_among_mine(search: Search) -> ColumnElement[bool]:
    """A sum is in no index: the walk goes by the ids, and not through all conversations."""
    return Message.conversation_id + 0 == any_(_my_conversations(search))


def _is_in_index(search: Search) -> list[ColumnElement[bool]]:
    grams = sorted({gram for term in search.terms for gram in _rarest(term.grams)})
    wanted = bindparam("grams", grams, ARRAY(BigInteger))
    pieces = func.search_grams(Message.search_text, type_=ARRAY(BigInteger))
    conversation: array[Any] = array([Message.conversation_id], type_=BigInteger)
    conditions = [pieces.contains(wanted), conversation.overlap(_my_conversations(search))]
    if search.author_id is not None:
        author: array[Any] = array([Message.user_id], type_=BigInteger)
        conditions.append(author.contains(cast([search.author_id], ARRAY(BigInteger))))
    return conditions


def _rarest(grams: list[int]) -> list[int]:
    """Pieces of three letters, if there are any."""
    return [gram for gram in grams if gram >= _THREE_LETTERS] or grams
