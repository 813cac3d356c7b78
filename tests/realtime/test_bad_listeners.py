"""Clients that break the rules. Each was measured to do harm to uvicorn's own class.

So each test runs on that class too, and must fail there.
"""

import asyncio
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode

from app.kit.settings import Settings
from app.realtime.wire import ChatFlowProtocol
from tests.conftest import serve
from tests.houses import changed
from tests.realtime.sockets import Room
from tests.realtime.test_slow_clients import connect_and_never_read

PATIENCE_SECONDS = 3
CONTROL_FRAMES_MAX, FRAGMENTS_MAX = 5, 4
STOCK = pytest.param(
    WebSocketsSansIOProtocol,
    marks=pytest.mark.xfail(raises=TimeoutError, reason="what uvicorn alone does"),
)


@dataclass
class Strict(Room):
    """A room whose connections can be counted. It allows few frames, so that tests are short."""

    here: set[Any]

    async def wait_for(self, count: int) -> None:
        """`count` connections, below whatever the application knows of them."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while len(self.here) != count:
                await asyncio.sleep(0.01)


@pytest.fixture(params=[ChatFlowProtocol, STOCK])
async def strict(
    settings: Settings, room: Room, request: pytest.FixtureRequest
) -> AsyncIterator[Strict]:
    here: set[Any] = set()
    protocol: type[WebSocketsSansIOProtocol] = request.param

    class Watched(protocol):  # type: ignore[misc,valid-type]
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            super().connection_made(transport)
            here.add(self)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            here.remove(self)

    few = changed(
        settings,
        socket_control_frames_max=CONTROL_FRAMES_MAX,
        socket_fragments_max=FRAGMENTS_MAX,
    )
    async with serve(few, ws=Watched) as house:
        yield Strict(house, room.alice, room.bob, room.conversation, here)


@pytest.mark.parametrize("opcode", [Opcode.PING, Opcode.PONG])
async def test_who_floods_control_frames_and_never_reads_is_gone(
    strict: Strict, opcode: Opcode
) -> None:
    loop = asyncio.get_running_loop()
    with await connect_and_never_read(strict.house, strict.bob, strict.id) as deaf:
        await strict.wait_for(1)
        await loop.sock_sendall(deaf, Frame(opcode, b"x" * 125).serialize(mask=True) * 100)
        await strict.wait_for(0)


async def test_who_floods_pings_is_told_so(strict: Strict) -> None:
    async with strict.cable(strict.bob) as cable, asyncio.timeout(PATIENCE_SECONDS):
        await cable.next_of("welcome")
        for _ in range(CONTROL_FRAMES_MAX):
            await (await cable.socket.ping())
        await cable.socket.ping()
        assert await cable.goodbye() == (4429, "too_many")


async def test_a_message_in_too_many_fragments_is_not_put_together(strict: Strict) -> None:
    async with strict.cable(strict.bob) as cable, asyncio.timeout(PATIENCE_SECONDS):
        await cable.next_of("welcome")
        # The client's library ends a message in fragments with an empty one.
        await cable.socket.send([" "] * (FRAGMENTS_MAX - 2) + ["{}"])
        assert (await cable.next_of("reply"))["status"] == 422
        await cable.socket.send([" "] * (FRAGMENTS_MAX - 1) + ["{}"])
        assert await cable.goodbye() == (1009, "too_large")


async def test_empty_fragments_without_end_are_not_collected(strict: Strict) -> None:
    async with strict.cable(strict.bob) as cable, asyncio.timeout(PATIENCE_SECONDS):
        await cable.next_of("welcome")
        first = Frame(Opcode.TEXT, b"", fin=False).serialize(mask=True)
        more = Frame(Opcode.CONT, b"", fin=False).serialize(mask=True)
        cable.socket.transport.write(first + more * 100)
        assert await cable.goodbye() == (1009, "too_large")


GOODBYE = Frame(Opcode.CLOSE, struct.pack("!H", 1000))
TOO_LARGE = Frame(Opcode.TEXT, b"x" * 200_000)


@pytest.mark.parametrize("last", [GOODBYE, TOO_LARGE], ids=["goodbye", "too large"])
async def test_nobody_waits_until_a_deaf_client_has_read_what_was_sent_before(
    strict: Strict, last: Frame
) -> None:
    with await connect_and_never_read(strict.house, strict.bob, strict.id) as deaf:
        await strict.wait_for(1)
        (connection,) = strict.here
        while not connection.transport.get_write_buffer_size():
            await strict.say("x" * 10_000)
        await asyncio.get_running_loop().sock_sendall(deaf, last.serialize(mask=True))
        await strict.wait_for(0)
