"""Under an ASGI server that does not know our protocol class, everything works the long way."""

from collections.abc import AsyncIterator

import pytest
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.sockets import Room, open_cable
from tests.realtime.test_slow_clients import OUTBOX_BYTES, connect_and_never_read


@pytest.fixture
async def stock_room(settings: Settings, room: Room) -> AsyncIterator[Room]:
    small = settings.model_copy(update={"outbox_max_bytes": OUTBOX_BYTES})
    async with serve(small, ws=WebSocketsSansIOProtocol) as house:
        yield Room(house, room.alice, room.bob, room.conversation)


async def test_events_and_replies_arrive_in_order(stock_room: Room) -> None:
    async with stock_room.cable(stock_room.bob, "?since=0") as cable:
        assert (await cable.next())["type"] == "welcome"
        said = [await stock_room.say(f"message {n}") for n in range(20)]
        assert [(await cable.next())["message"] for _ in said] == said
        assert (await cable.ask(type="read", seq=5))["status"] == 200


async def test_goodbyes_have_their_codes(stock_room: Room) -> None:
    async with open_cable(stock_room.house, None, stock_room.id) as cable:
        assert await cable.goodbye() == (4401, "unauthenticated")
    async with stock_room.cable(stock_room.bob) as cable:
        await cable.next_of("welcome")
        await stock_room.bob.client.delete("/users/sign_out")
        assert await cable.goodbye() == (4401, "unauthenticated")


async def test_who_does_not_read_is_sent_nothing_more(stock_room: Room) -> None:
    async with stock_room.cable(stock_room.alice) as alice:
        await alice.next_of("welcome")
        with await connect_and_never_read(stock_room.house, stock_room.bob, stock_room.id):
            for _ in range(100):
                await stock_room.say("x" * 10_000)
                await alice.next_of("message.created")
