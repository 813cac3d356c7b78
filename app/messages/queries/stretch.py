"""A stretch of the history: so many messages before a place, and so many from it on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from app.kit.db import Database
from app.kit.paging import LIMIT_MAX, Cursor, Window
from app.messages.queries.showing import SHOWN, shown_to

# Later than any position that may be asked for.
_THE_END = Cursor(2**63 - 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    place: Cursor
    older: int
    newer: int

    @classmethod
    def of(cls, window: Window) -> "Stretch":
        if window.around is not None:
            return cls(window.around, window.limit // 2, window.limit - window.limit // 2)
        if window.after is not None:
            return cls(window.after.later(), 0, window.limit)
        return cls(window.before or _THE_END, window.limit, 0)


class Row(NamedTuple):
    """A message as JSON, and whose reactions it has."""

    seq: int
    created_at: datetime
    is_older: bool
    shown: str
    reactors: list[int]


class Found(NamedTuple):
    """The oldest first, and whether there is something on either side."""

    rows: Sequence[Row]
    goes_back: bool
    goes_on: bool


async def find_stretch(
    database: Database, conversation_id: int, viewer_id: int | None, stretch: Stretch
) -> Found:
    """One more is asked for on each side: so it is known whether it goes on there."""
    values = (conversation_id, stretch.place.at, stretch.older, stretch.newer)
    kind = type(stretch.place.at)
    if viewer_id is None:
        rows = await database.fetch(_OF_ALL[kind], *values)
    else:
        rows = await database.fetch(_OF_ONE[kind], *values, viewer_id)
    older = sum(row["is_older"] for row in rows)
    goes_back, goes_on = older > stretch.older, len(rows) - older > stretch.newer
    shown = rows[goes_back : len(rows) - goes_on]
    return Found([Row(*row) for row in shown], goes_back, goes_on)


def _stretch(at: str, shown: str) -> str:
    return f"""
        SELECT message.seq, message.created_at, message.is_older, {shown} AS shown,
            ARRAY(SELECT user_id FROM reactions WHERE message_id = message.id) AS reactors
        FROM (
            (SELECT *, true AS is_older FROM ({_nearest(at, "<", "DESC")}) AS nearest LIMIT $3 + 1)
            UNION ALL
            (SELECT *, false AS is_older FROM ({_nearest(at, ">=", "ASC")}) AS nearest LIMIT $4 + 1)
        ) AS message
        ORDER BY message.seq
    """


def _nearest(at: str, side: str, order: str) -> str:
    """Postgres is told how many there are at most: of a limit that it does not know it thinks a
    tenth of a table, and plans anew each time, for half as long as the question takes (measured).
    """
    return f"""
        SELECT * FROM messages WHERE conversation_id = $1 AND {at} {side} $2
        ORDER BY {at} {order} LIMIT {LIMIT_MAX + 1}
    """


# By what the place is: a position or a time.
_OF_ALL = {int: _stretch("seq", SHOWN), datetime: _stretch("created_at", SHOWN)}
_OF_ONE = {int: _stretch("seq", shown_to("$5")), datetime: _stretch("created_at", shown_to("$5"))}
