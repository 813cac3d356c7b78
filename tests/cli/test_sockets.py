"""Sockets of a real worker: what is agreed in the handshake, and what the kernel is told."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.cli.door import open_door
from tests.cli.running import chatflow, place_for_data, serve

PATIENCE_SECONDS = 10
EVENTS = 10


@dataclass
class Cable:
    """Alice's conversation, and how she gets there."""

    address: str
    cookies: CookieJar
    conversation: int

    def connect(self, query: str = "", **more: Any) -> connect:
        cookie = "; ".join(f"{each.name}={each.value}" for each in self.cookies)
        url = f"ws://{self.address}/cable/{self.conversation}{query}"
        return connect(url, additional_headers={"Cookie": cookie}, proxy=None, **more)

    def say(self, body: str) -> None:
        path = f"http://{self.address}/conversations/{self.conversation}/messages"
        httpx.post(path, json={"body": body}, cookies=self.cookies).raise_for_status()


@pytest.fixture(scope="module")
def cable() -> Iterator[Cable]:
    with place_for_data() as place:
        chatflow(place, "seed")
        # Who comes and goes is told between any two frames otherwise.
        quiet = {"CHATFLOW_PRESENCE_ROUND_SECONDS": "3600"}
        with serve(place, **quiet).wait_until_ready() as server:
            address = f"127.0.0.1:{server.port}"
            with httpx.Client(base_url=f"http://{address}") as alice:
                user = {"email": "alice@example.com", "password": "secret123"}
                alice.post("/users/sign_in", json={"user": user}).raise_for_status()
                conversation = alice.get("/conversations").json()[0]["id"]
                yield Cable(address, alice.cookies.jar, conversation)


async def goodbye(client: ClientConnection) -> int | None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        with pytest.raises(ConnectionClosed):
            while True:
                await client.recv()
    return client.close_code


async def test_compression_is_not_agreed_to(cable: Cable) -> None:
    async with cable.connect(compression="deflate") as client:
        assert client.request
        assert "permessage-deflate" in client.request.headers["Sec-WebSocket-Extensions"]
        assert client.response
        assert "Sec-WebSocket-Extensions" not in client.response.headers
        assert client.protocol.extensions == []


async def test_another_site_is_refused(cable: Cable) -> None:
    async with cable.connect(origin=f"http://{cable.address}"):
        pass
    with pytest.raises(InvalidStatus) as refused:
        async with cable.connect(origin="https://elsewhere.example"):
            pass
    assert refused.value.response.status_code == 403


@pytest.mark.parametrize("size", [128 * 1024 + 1, 1024 * 1024])
@pytest.mark.parametrize("fragments", [1, 10])
async def test_a_message_has_128_kib_at_most(cable: Cable, size: int, fragments: int) -> None:
    largest = json.dumps({"type": "nothing"}).ljust(128 * 1024)
    async with cable.connect() as client:
        await client.recv()  # The welcome.
        await client.send(in_fragments(largest, fragments))
        assert json.loads(await client.recv())["type"] == "reply"
        with suppress(ConnectionClosed):  # It is told so before it has sent all of it.
            await client.send(in_fragments(largest.ljust(size), fragments))
        assert await goodbye(client) == 1009


def in_fragments(text: str, count: int) -> str | list[str]:
    size = len(text) // count + 1
    return text if count == 1 else [text[n : n + size] for n in range(0, len(text), size)]


async def test_several_events_of_one_turn_are_one_write(cable: Cable) -> None:
    """Ten events that were missed go out together, and arrive in one segment."""
    for n in range(EVENTS):
        await asyncio.to_thread(cable.say, f"number {n}")
    async with cable.connect() as client:
        head = json.loads(await client.recv())["seq"]
    async with cable.connect(f"?since={head - EVENTS}") as client:
        heard = [json.loads(await client.recv()) for _ in range(EVENTS + 1)]
        segments = segments_with_data(client.transport.get_extra_info("socket"))
    assert [event.get("seq") for event in heard[1:]] == list(range(head - EVENTS + 1, head + 1))
    # The handshake, the welcome, and all of the events.
    assert segments <= 3


def segments_with_data(connection: socket.socket) -> int:
    """How many have arrived here. Source: `struct tcp_info` in linux/tcp.h, tcpi_data_segs_in."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)
    return int.from_bytes(info[152:156], "little")


def test_what_the_door_is_told_holds_for_every_connection() -> None:
    with open_door("127.0.0.1", 0) as door, socket.create_connection(door.getsockname()):
        connection, _ = door.accept()
        with connection:
            # Linux doubles what it is asked for.
            assert connection.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF) == 2 * 128 * 1024
            timeout = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
            assert timeout == 15_000
