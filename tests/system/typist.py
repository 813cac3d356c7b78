"""Somebody who types. The doorbell alone carries that, so it tells whether the doorbell works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from tests.system.people import Seat
from tests.system.transports import BREAKS, Goodbye
from tests.system.transports.cable import open_websocket

_AGAIN_SECONDS = 0.2


@asynccontextmanager
async def typing(seat: Seat) -> AsyncIterator[None]:
    """Again and again, until the end of the block."""
    typist = asyncio.create_task(_type_away(seat))
    yield
    typist.cancel()
    with suppress(asyncio.CancelledError):
        await typist


async def _type_away(seat: Seat) -> None:
    while True:
        with suppress(*BREAKS, Goodbye):
            async with open_websocket(seat, f"/cable/{seat.conversation_id}") as socket:
                while True:
                    await socket.send('{"type": "typing"}')
                    await asyncio.sleep(_AGAIN_SECONDS)
        await asyncio.sleep(_AGAIN_SECONDS)
