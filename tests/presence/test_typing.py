"""Typing over HTTP: what the sockets have a command for."""

import pytest

from app.kit.settings import Settings
from tests.conftest import serve
from tests.houses import changed
from tests.realtime.sockets import Room

THE_NEWS = {"type": "typing", "expires_in_seconds": 5}


async def test_the_others_hear_who_types(shared_room: Room) -> None:
    room = shared_room
    async with room.cable(room.alice) as alice:
        await alice.next_of("welcome")
        answer = await room.bob.client.post(f"/conversations/{room.id}/typing")
        heard = await alice.next_of("typing")

    assert (answer.status_code, answer.content) == (204, b"")
    assert heard == THE_NEWS | {"conversation_id": room.id, "user_id": room.bob.id}


@pytest.mark.parametrize("rate", ["1/hour", "3/hour"])
async def test_on_and_on_it_is_said_no_oftener_than_the_rate(
    settings: Settings, shared_room: Room, rate: str
) -> None:
    room, allowed = shared_room, int(rate[0])
    async with serve(changed(settings, rate_limits=True, typing_rate=rate)) as house:
        bob = house.client()
        bob.headers["cookie"] = room.bob.cookie
        async with room.cable(room.alice) as alice:
            await alice.next_of("welcome")
            for _ in range(4):
                answer = await bob.post(f"/conversations/{room.id}/typing")
                assert answer.status_code == 204
            await room.say("after")
            heard = []
            while (frame := await alice.next())["type"] != "message.created":
                heard.append(frame["type"])

    assert heard.count("typing") == allowed
