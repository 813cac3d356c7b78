"""What a client asks for: from which place on, how long it would wait, and in which form."""

import re
from dataclasses import dataclass
from typing import Annotated

from fastapi import Header, Query, Request

from app.kit.errors import Invalid
from app.realtime.feed.accept import prefers_stream

WAIT_MAX_SECONDS = 60
_SECONDS = re.compile(r"[0-9]{1,2}(\.[0-9]{1,3})?")

LastEventId = Annotated[
    str | None, Header(description="The `id` of the last event that was seen. Wins over the query")
]
Away = Annotated[
    bool, Query(description="Nobody looks at it: by this connection I am away, and not online")
]
Wait = Annotated[
    str | None,
    Query(description="Without a stream: seconds to wait for something to happen, 0 to 60"),
]


@dataclass(frozen=True, slots=True)
class Asked:
    """`place` is a cursor as text; without one, the present."""

    place: str | None
    epoch: str | None
    wait_seconds: float
    wants_stream: bool
    is_away: bool


async def of_conversation(
    request: Request,
    since: Annotated[
        str | None,
        Query(description="A `cursor`, or a bare `seq`: only what came after it", examples=["17"]),
    ] = None,
    epoch: Annotated[str | None, Query(description="That of a bare `seq`")] = None,
    wait: Wait = None,
    away: Away = False,
    last_event_id: LastEventId = None,
) -> Asked:
    place = last_event_id or since
    return Asked(place, epoch, read_wait(wait), _wants_stream(request), away)


async def of_everything(
    request: Request,
    since: Annotated[
        str | None, Query(description="A `cursor` of this address: only what came after it")
    ] = None,
    wait: Wait = None,
    away: Away = False,
    last_event_id: LastEventId = None,
) -> Asked:
    return Asked(last_event_id or since, None, read_wait(wait), _wants_stream(request), away)


def read_wait(text: str | None) -> float:
    """Raises: Invalid for what is no number of seconds within bounds."""
    if not text:
        return 0
    if not _SECONDS.fullmatch(text) or float(text) > WAIT_MAX_SECONDS:
        sentence = f"must be a number of seconds from 0 to {WAIT_MAX_SECONDS}"
        raise Invalid.field("wait", "out_of_range", sentence)
    return float(text)


def _wants_stream(request: Request) -> bool:
    return prefers_stream(",".join(request.headers.getlist("accept")))
