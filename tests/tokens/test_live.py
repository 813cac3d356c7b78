"""What a token may do over sockets and streams, and that it ends there too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.asyncio.client import connect

from tests.factories import House
from tests.realtime.sockets import Cable, Room
from tests.tokens.test_tokens import DRAFT, make_token


@pytest.fixture
async def room(live_house: House) -> Room:
    return await Room.in_house(live_house)


@asynccontextmanager
async def cable_by_token(room: Room, token: dict[str, Any]) -> AsyncIterator[Cable]:
    url = f"{room.house.base_url.replace('http', 'ws')}/cable/{room.id}"
    headers = {"Authorization": f"Bearer {token['token']}"}
    async with connect(url, additional_headers=headers) as socket:
        yield Cable(socket)


async def test_a_reader_hears_and_says_nothing(room: Room) -> None:
    token = (await make_token(room.bob, scope="read")).json()

    async with cable_by_token(room, token) as cable:
        await cable.next_of("welcome")
        for command in (
            {"type": "message.create", "body": "Hello"},
            {"type": "typing"},
            {"type": "read", "seq": 1},
        ):
            reply = await cable.ask(**command)
            assert (reply["status"], reply["body"]["code"]) == (403, "read_only")
        await cable.say(type="ping")
        await cable.next_of("pong")
        said = await room.say("still heard")
        assert (await cable.next_of("message.created"))["message"] == said


async def test_a_writer_speaks(room: Room) -> None:
    token = (await make_token(room.bob)).json()

    async with cable_by_token(room, token) as cable:
        assert (await cable.ask(type="message.create", body="Hello"))["status"] == 201


async def test_revoking_ends_its_sockets_and_no_others(room: Room) -> None:
    token = (await make_token(room.bob)).json()

    async with cable_by_token(room, token) as script, room.cable(room.bob) as bob:
        await script.next_of("welcome")
        await bob.next_of("welcome")
        await room.bob.client.delete(f"/users/tokens/{token['id']}")
        assert await script.goodbye() == (4401, "unauthenticated")
        said = await room.say("still here")
        assert (await bob.next_of("message.created"))["message"] == said


async def test_ending_the_other_logins_ends_their_sockets(room: Room) -> None:
    again = room.house.client()
    who = {"email": room.bob.user.email, "password": DRAFT["current_password"]}
    await again.post("/users/sign_in", json={"user": who})

    async with room.cable(room.bob) as bob:
        await bob.next_of("welcome")
        assert (await again.delete("/users/logins")).status_code == 204
        assert await bob.goodbye() == (4401, "unauthenticated")
