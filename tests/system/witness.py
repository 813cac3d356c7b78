"""Somebody who listens at another worker than the one that is about to die."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from websockets.asyncio.client import ClientConnection

from tests.system.people import Seat
from tests.system.stage import Stage
from tests.system.transports.cable import open_websocket
from tests.system.waiting import PATIENCE_SECONDS


class Witness:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def hears(self, message: dict[str, Any]) -> None:
        """Over the connection that it has: one that breaks ends the test."""
        while json.loads(await self._socket.recv()).get("message") != message:
            pass


@asynccontextmanager
async def witness_elsewhere(stage: Stage, seat: Seat, worker: int) -> AsyncIterator[Witness]:
    """Comes in until it is let in by another worker."""
    async with asyncio.timeout(PATIENCE_SECONDS), AsyncExitStack() as stack:
        while True:
            socket = await stack.enter_async_context(
                open_websocket(seat, f"/cable/{seat.conversation_id}")
            )
            await socket.recv()  # With the welcome it is in: it hears what happens from here on.
            if await stage.worker_behind(socket.local_address[1]) != worker:
                break
        yield Witness(socket)
