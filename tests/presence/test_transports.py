"""The same by whatever transport somebody is here, or hears of it."""

import pytest

from tests.presence.watching import TRANSPORTS, native, presences
from tests.realtime.sockets import Room


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_whoever_is_connected_is_online(shared_room: Room, transport: str) -> None:
    room, house = shared_room, shared_room.house
    async with native(house, room.alice, room) as alice:
        assert (await presences(room.alice, room))[room.bob.id]["status"] == "offline"
        async with TRANSPORTS[transport](house, room.bob, room):
            await alice.hears(room.bob, "online")
            assert (await presences(room.alice, room))[room.bob.id] == {
                "user_id": room.bob.id,
                "status": "online",
                "last_seen_at": None,
            }
        went = await alice.hears(room.bob, "offline")
        assert (await presences(room.alice, room))[room.bob.id] == {
            "user_id": room.bob.id,
            "status": "offline",
            "last_seen_at": went["last_seen_at"],
        }


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_every_transport_tells_it(shared_room: Room, transport: str) -> None:
    room, house = shared_room, shared_room.house
    async with TRANSPORTS[transport](house, room.alice, room) as alice:
        await alice.hears(room.alice, "online")
        async with native(house, room.bob, room):
            news = await alice.hears(room.bob, "online")
        await alice.hears(room.bob, "offline")

    assert "seq" not in news
    assert (news["user_id"], news["last_seen_at"]) == (room.bob.id, None)
