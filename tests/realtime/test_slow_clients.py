"""A client that does not read leaves, and keeps nobody waiting."""

import asyncio
import socket
from base64 import b64encode
from urllib.parse import urlsplit

import pytest

from app.kit.settings import Settings
from app.realtime.wire import ChatFlowProtocol
from tests.conftest import serve
from tests.factories import House, Person
from tests.realtime.sockets import PATIENCE_SECONDS, Room, open_cable

OUTBOX_BYTES = 200_000


async def connect_and_never_read(
    house: House, person: Person, conversation_id: int
) -> socket.socket:
    """A handshake by hand, with the smallest buffer that the kernel lends."""
    address = urlsplit(house.base_url)
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.setblocking(False)
    loop = asyncio.get_running_loop()
    await loop.sock_connect(deaf, (address.hostname, address.port))
    key = b64encode(b"sixteen bytes ok").decode()
    await loop.sock_sendall(
        deaf,
        f"GET /cable/{conversation_id} HTTP/1.1\r\nHost: {address.netloc}\r\n"
        f"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
        f"Sec-WebSocket-Version: 13\r\nCookie: {person.cookie}\r\n\r\n".encode(),
    )
    assert b" 101 " in await loop.sock_recv(deaf, 20)
    return deaf


async def test_an_outbox_that_is_full_ends_the_connection_at_once(
    settings: Settings, room: Room
) -> None:
    small = settings.model_copy(update={"outbox_max_bytes": OUTBOX_BYTES})
    async with serve(small) as house, open_cable(house, room.alice, room.id) as alice:
        await alice.next_of("welcome")
        guard = house.state["guard"]
        with await connect_and_never_read(house, room.bob, room.id):
            while len(guard._listeners) < 2:
                await asyncio.sleep(0.01)
            async with asyncio.timeout(10 * PATIENCE_SECONDS):
                while len(guard._listeners) == 2:
                    await room.say("x" * 10_000)
                    await alice.next_of("message.created")

            assert [listener.user_id for listener in guard._listeners] == [room.alice.id]


async def test_who_does_not_answer_a_ping_is_gone_at_once(settings: Settings, room: Room) -> None:
    async with serve(settings, ws=_Impatient) as house:
        guard = house.state["guard"]
        with await connect_and_never_read(house, room.bob, room.id):
            async with asyncio.timeout(PATIENCE_SECONDS):
                while not guard._listeners:
                    await asyncio.sleep(0.01)
                while guard._listeners:
                    await asyncio.sleep(0.01)


class _Impatient(ChatFlowProtocol):
    def start_keepalive(self) -> None:
        self.ping_interval, self.ping_timeout = 0.05, 0.05
        super().start_keepalive()


async def test_leaving_does_not_wait_for_who_does_not_read(settings: Settings, room: Room) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        async with serve(settings) as house:
            deaf = await connect_and_never_read(house, room.bob, room.id)
            while not house.state["guard"]._listeners:
                await asyncio.sleep(0.01)
            for _ in range(30):
                await room.say("x" * 10_000)
    deaf.close()


@pytest.mark.parametrize("count", [300])
async def test_each_of_many_hears_each_message_once(
    settings: Settings, room: Room, count: int
) -> None:
    async def listen(house: House, ready: asyncio.Semaphore) -> list[int]:
        async with open_cable(house, room.bob, room.id) as cable:
            await cable.next_of("welcome")
            ready.release()
            return [(await cable.next())["seq"] for _ in range(5)]

    ready = asyncio.Semaphore(0)
    spacious = settings.model_copy(update={"connections_per_user_max": count})
    async with serve(spacious) as house, asyncio.TaskGroup() as tasks:
        listening = [tasks.create_task(listen(house, ready)) for _ in range(count)]
        for _ in range(count):
            await ready.acquire()
        for n in range(5):
            await room.say(f"message {n}")

    assert [task.result() for task in listening] == [[1, 2, 3, 4, 5]] * count
