"""Over plain HTTP."""

import json
from collections.abc import AsyncGenerator

import httpx

from tests.system.people import Seat
from tests.system.transports.transport import Frame, Goodbye, since

# Longer than any server is silent that is well: it comments its streams every 15 seconds.
_SILENCE_MAX_SECONDS = 20
_WAIT_SECONDS = 5


async def server_sent_events(seat: Seat, cursor: str) -> AsyncGenerator[Frame]:
    headers = {"Accept": "text/event-stream"} | ({"Last-Event-ID": cursor} if cursor else {})
    async with (
        seat.client(_SILENCE_MAX_SECONDS) as client,
        client.stream("GET", f"{seat.path}/events", headers=headers) as stream,
    ):
        _expect_success(stream)
        async for line in stream.aiter_lines():
            if line.startswith("data: "):
                frame = json.loads(line.removeprefix("data: "))
                if frame["type"] == "goodbye":
                    raise Goodbye(frame["code"])
                yield frame


async def long_poll(seat: Seat, cursor: str) -> AsyncGenerator[Frame]:
    """One request: by the next one the client may have changed its transport."""
    query = since(cursor) and f"{since(cursor)}&wait={_WAIT_SECONDS}"
    async with seat.client(_SILENCE_MAX_SECONDS) as client:
        answer = await client.get(f"{seat.path}/events{query}")
    _expect_success(answer)
    page = answer.json()
    if not cursor or "resync_required" in page:
        yield page | {"type": "resync_required" if cursor else "welcome"}
    for frame in page["events"]:
        yield frame


def _expect_success(answer: httpx.Response) -> None:
    if answer.status_code != 200:
        raise Goodbye(answer.status_code)
