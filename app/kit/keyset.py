"""Pages of lists that are sorted by a column and an id, forwards and backwards.

A key names a place between rows, so a page neither skips nor repeats what others insert meanwhile.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

import orjson
from sqlalchemy import ColumnElement, DateTime, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from app.kit.clock import ISO_FORMAT, iso
from app.kit.db import AnyRow, AnySelect
from app.kit.errors import Invalid

_BIGGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Key:
    """A place in a list: after the row with these values or, `backwards`, before it."""

    sorted_by: str
    id: int
    backwards: bool = False

    def __str__(self) -> str:
        """Opaque to clients: what a list is sorted by is ours to change."""
        values = orjson.dumps([self.sorted_by, self.id, self.backwards])
        return urlsafe_b64encode(values).decode().rstrip("=")


def read_key(text: str | None) -> Key | None:
    """Raises: Invalid for anything that is not one of our cursors."""
    if not text:
        return None
    try:
        values = orjson.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except ValueError:
        raise bad_cursor() from None
    if not isinstance(values, list) or [type(value) for value in values] != [str, int, bool]:
        raise bad_cursor()
    key = Key(*values)
    if "\0" in key.sorted_by or not 0 < key.id <= _BIGGEST_ID:
        raise bad_cursor()
    return key


def bad_cursor() -> Invalid:
    return Invalid.field("cursor", "invalid", "is invalid")


@dataclass(frozen=True, kw_only=True)
class Neighbours:
    """The keys of the pages before and after, where there is something."""

    prev: Key | None
    next: Key | None

    def links(self, **query: object) -> dict[str, dict[str, object]]:
        """What `link_header` takes."""
        keys = {"prev": self.prev, "next": self.next}
        return {rel: query | {"cursor": key} for rel, key in keys.items() if key}


@dataclass(frozen=True)
class Page(Neighbours):
    rows: Sequence[AnyRow]


@dataclass(frozen=True)
class Sorting:
    """How a list is sorted. Its query selects these columns as `sorted_by` and `id`."""

    column: ColumnElement[Any] | QueryableAttribute[Any]
    id: QueryableAttribute[int]
    newest_first: bool = False

    async def page(
        self, session: AsyncSession, query: AnySelect, key: Key | None, limit: int
    ) -> Page:
        backwards = key is not None and key.backwards
        wanted = self._select(query, key, backwards).limit(limit + 1)
        rows = list((await session.execute(wanted)).all())
        came_from = key is not None and await self._has_rows_behind(session, query, key)
        shown, around = cut(rows, key, limit, came_from=came_from)
        return Page(shown, prev=around.prev, next=around.next)

    def _select(self, query: AnySelect, key: Key | None, backwards: bool) -> AnySelect:
        columns, descending = (self.column, self.id), self.newest_first != backwards
        if key is not None:
            place = tuple_(self._value(key), key.id)
            row = tuple_(*columns)
            query = query.where(row < place if descending else row > place)
        return query.order_by(*(c.desc() if descending else c.asc() for c in columns))

    def _value(self, key: Key) -> ColumnElement[Any]:
        """Raises: Invalid when the list is sorted by time, and this is none."""
        is_time = isinstance(self.column.type, DateTime)
        return literal(read_time(key) if is_time else key.sorted_by)

    async def _has_rows_behind(self, session: AsyncSession, query: AnySelect, key: Key) -> bool:
        """The row that the key was made from is there itself, unless it has moved or gone."""
        place = tuple_(self._value(key), key.id)
        row = tuple_(self.column, self.id)
        at_or_behind = row >= place if self.newest_first != key.backwards else row <= place
        # Without an order Postgres may go through what is everybody's until it finds one.
        behind = query.where(at_or_behind).order_by(self.column, self.id).limit(1)
        return (await session.execute(behind)).first() is not None


def read_time(key: Key) -> datetime:
    """Of a list that is sorted by time. Raises: Invalid"""
    try:
        return datetime.strptime(key.sorted_by, ISO_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise bad_cursor() from None


class Sorted(Protocol):
    @property
    def sorted_by(self) -> Any: ...
    @property
    def id(self) -> int: ...


Shown = TypeVar("Shown", bound=Sorted)


def cut(
    rows: Sequence[Shown], key: Key | None, limit: int, *, came_from: bool = False
) -> tuple[list[Shown], Neighbours]:
    """Of what was found from the key on, one more than is shown: the page, and what is around it.

    `came_from` says whether something is behind the key.
    """
    backwards = key is not None and key.backwards
    goes_on, shown = len(rows) > limit, list(rows[:limit])
    if backwards:
        shown.reverse()
    before, after = (goes_on, came_from) if backwards else (came_from, goes_on)
    return shown, Neighbours(
        prev=_key(shown[0], backwards=True) if shown and before else None,
        next=_key(shown[-1]) if shown and after else None,
    )


def _key(row: Sorted, backwards: bool = False) -> Key:
    value = row.sorted_by
    return Key(iso(value) if isinstance(value, datetime) else str(value), row.id, backwards)
