"""What a client asks to hear again, and where in the log that is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.kit import log
from app.kit.db import Database
from app.kit.log import Position

Places = Mapping[str, Position]

# `since` is whole seconds of the client's clock, which may be ahead of ours.
_SKEW_SECONDS = 5
_LATEST = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
_BIGGEST_OFFSET = 2**63 - 2
# No log has this epoch, so whoever asks with it is refused.
_NOWHERE = Position("", 0)


@dataclass(frozen=True, slots=True)
class History:
    """Shape: {"since": seconds?, "streams": {stream_id: {"epoch": ..., "offset": ...}}?}"""

    since: float | None
    streams: Places


def read_history(value: Any) -> History | None:
    """None when nothing is asked for. A place that cannot be read is one that no log can serve."""
    if not isinstance(value, dict):
        return None
    since, streams = value.get("since"), value.get("streams")
    if isinstance(since, bool) or not isinstance(since, int | float):
        since = None
    if not isinstance(streams, dict):
        streams = {}
    places = {topic: _read_place(place) for topic, place in streams.items()}
    return History(since, places)


def _read_place(place: Any) -> Position:
    if not isinstance(place, dict):
        return _NOWHERE
    epoch, offset = place.get("epoch"), place.get("offset")
    if not isinstance(epoch, str) or isinstance(offset, bool) or not isinstance(offset, int):
        return _NOWHERE
    return Position(epoch, offset) if 0 <= offset <= _BIGGEST_OFFSET else _NOWHERE


async def find_places(database: Database, heads: Places, history: History) -> Places:
    """Where to begin in each stream of a subscription; one that is left out stays where it is.

    What else the client names is none of its business.
    """
    named = {topic: place for topic, place in history.streams.items() if topic in heads}
    unnamed = heads.keys() - named.keys()
    if not unnamed or history.since is None:
        return named
    at = min(max(history.since - _SKEW_SECONDS, 0), _LATEST)
    async with database.autocommit() as session:
        earlier = await log.positions_before(session, unnamed, datetime.fromtimestamp(at, UTC))
    return {**earlier, **named}


def go_on(beginnings: Places, kept: Places, history: History) -> Places:
    """Where to go on in a restored session, which had begun at the places that it kept.

    Of a stream that the client does not name it has heard nothing since then. That is exact, and
    needs no clock. A stream that the session did not know yet is news from its beginning on.
    """
    known = {**beginnings, **kept, **history.streams}
    return {topic: known[topic] for topic in beginnings}
