"""A client that does not read, or cannot be seen to leave, keeps nothing and nobody waiting."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from sqlalchemy import text
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.kit.settings import Settings
from app.realtime.feed.line import ChatFlowHTTP
from tests.conftest import serve
from tests.factories import House, Person
from tests.realtime.feed.streams import (
    Listening,
    everything_is_released,
    open_stream,
    somebody_listens,
)
from tests.realtime.sockets import PATIENCE_SECONDS

OUTBOX_BYTES = 200_000


def narrow(http: type) -> type:
    """The kernel would take megabytes for a client that does not read, before the server waits."""

    class Narrow(http):  # type: ignore[misc]
        def connection_made(self, transport: asyncio.Transport) -> None:
            kernel = transport.get_extra_info("socket")
            kernel.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            super().connection_made(transport)

    return Narrow


@asynccontextmanager
async def raw(house: House, person: Person, *paths: str) -> AsyncIterator[socket.socket]:
    """Requests by hand, all at once, with the smallest buffer that the kernel lends."""
    address = urlsplit(house.base_url)
    loop = asyncio.get_running_loop()
    with socket.socket() as deaf:
        deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        deaf.setblocking(False)
        await loop.sock_connect(deaf, (address.hostname, address.port))
        for path in paths:
            await loop.sock_sendall(
                deaf,
                f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept: text/event-stream\r\n"
                f"Cookie: {person.cookie}\r\n\r\n".encode(),
            )
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert b" 200 " in await loop.sock_recv(deaf, 20)
        yield deaf


async def talk_until(listening: Listening, house: House, listeners: int) -> int:
    """Answers how many bytes were said until so few listen."""
    said = 0
    async with asyncio.timeout(10 * PATIENCE_SECONDS):
        while len(house.state["guard"]._listeners) > listeners:
            await listening.room.say("x" * 10_000)
            said += 10_000
    return said


@pytest.mark.parametrize("http", [ChatFlowHTTP, HttpToolsProtocol, H11Protocol])
@pytest.mark.parametrize("path", ["conversation", "/events"])
async def test_who_does_not_read_is_cut_off_and_forgotten(
    settings: Settings, listening: Listening, path: str, http: type
) -> None:
    room = listening.room
    path = listening.path if path == "conversation" else path
    small = settings.model_copy(update={"outbox_max_bytes": OUTBOX_BYTES})
    async with (
        serve(small, http=narrow(http)) as house,
        open_stream(house, room.alice, listening.path) as alice,
    ):
        await alice.next_of("welcome")
        async with raw(house, room.bob, path):
            while len(house.state["guard"]._listeners) < 2:
                await asyncio.sleep(0.01)
            # Everything's own listener stands beside those of its conversations.
            assert await talk_until(listening, house, 1) < 3 * OUTBOX_BYTES
            assert [one.user_id for one in house.state["guard"]._listeners] == [room.alice.id]
            assert list(house.state["hub"]._channels) == [f"conversation:{room.id}"]
            assert list(house.state["connections"]._users._taken) == [room.alice.id]
        said = await room.say("alice hears everything")
        while (await alice.data_of("message.created"))["message"] != said:
            pass


async def test_its_connection_is_gone_too(settings: Settings, listening: Listening) -> None:
    """uvicorn would keep it until the client has read what is in the buffer."""
    room = listening.room
    small = settings.model_copy(update={"outbox_max_bytes": OUTBOX_BYTES})
    connections: set[object] = set()

    class Seen(narrow(ChatFlowHTTP)):  # type: ignore[misc]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            connections.add(self)

        def connection_lost(self, exc: Exception | None) -> None:
            super().connection_lost(exc)
            connections.discard(self)

    async with serve(small, http=Seen) as house, raw(house, room.bob, listening.path):
        await somebody_listens(house)
        await talk_until(listening, house, 0)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while connections:
                await asyncio.sleep(0.01)


async def test_who_was_cut_off_comes_back_and_has_missed_nothing(
    settings: Settings, listening: Listening
) -> None:
    room = listening.room
    small = settings.model_copy(update={"outbox_max_bytes": OUTBOX_BYTES})
    async with serve(small, http=narrow(ChatFlowHTTP)) as house:
        async with raw(house, room.bob, listening.path):
            await somebody_listens(house)
            await talk_until(listening, house, 0)
        head = (await room.say("the last"))["seq"]
        async with open_stream(house, room.bob, listening.path + "?since=0") as again:
            heard = [(await again.data_of("message.created"))["seq"] for _ in range(head)]

    assert heard == list(range(1, head + 1))


@asynccontextmanager
async def stuck(settings: Settings, listening: Listening) -> AsyncIterator[House]:
    """A server that waits for somebody to read, with room left in the outbox."""
    async with (
        serve(settings, http=narrow(ChatFlowHTTP)) as house,
        raw(house, listening.room.bob, listening.path),
    ):
        await somebody_listens(house)
        for _ in range(50):
            await listening.room.say("x" * 10_000)
        assert len(house.state["guard"]._listeners) == 1
        async with asyncio.timeout(PATIENCE_SECONDS):
            yield house
            await everything_is_released(house)


async def test_access_that_ends_does_not_wait_for_who_does_not_read(
    settings: Settings, listening: Listening
) -> None:
    async with stuck(settings, listening) as house, house.session() as session:
        await session.execute(text("DELETE FROM logins"))


async def test_leaving_does_not_wait_for_who_does_not_read(
    settings: Settings, listening: Listening
) -> None:
    async with stuck(settings, listening) as house:
        await house.state["connections"].drain(0)


@pytest.mark.parametrize("path", ["conversation", "/events"])
async def test_a_second_request_behind_the_stream_hides_nobody(
    settings: Settings, listening: Listening, path: str
) -> None:
    """uvicorn tells the last request that the client has gone, and the stream is the first."""
    room = listening.room
    path = listening.path if path == "conversation" else path
    quick = settings.model_copy(update={"stream_comment_seconds": 0.05})
    async with serve(quick) as house:
        async with raw(house, room.bob, path, "/users/me"):
            await somebody_listens(house)
        await everything_is_released(house)
