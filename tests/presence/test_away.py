"""Away: what a device says of whoever sits before it, for as long as it is connected."""

import pytest

from tests.factories import House
from tests.presence.watching import native, presences
from tests.realtime.action_cable.sockets import USER_CHANNEL, following, identify
from tests.realtime.feed.streams import open_stream
from tests.realtime.sockets import Cable, Room


@pytest.fixture
def house(room: Room) -> House:
    return room.house


async def say(cable: Cable, status: object) -> tuple[int, object]:
    reply = await cable.ask(type="presence", status=status)
    return reply["status"], reply["body"]


async def test_who_is_away_on_all_devices_is_away(room: Room, house: House) -> None:
    async with native(house, room.alice, room) as alice, room.cable(room.bob) as phone:
        await alice.hears(room.bob, "online")
        async with room.cable(room.bob) as laptop:
            assert await say(phone, "away") == (204, None)
            await say(laptop, "away")
            assert (await alice.hears(room.bob, "away"))["last_seen_at"] is None
            assert (await presences(room.alice, room))[room.bob.id]["status"] == "away"
            await say(laptop, "online")
            await alice.hears(room.bob, "online")
        await alice.hears(room.bob, "away")

    assert alice.statuses(room.bob) == ["online", "away", "online", "away"]


async def test_it_ends_with_the_connection(room: Room, house: House) -> None:
    async with native(house, room.alice, room) as alice:
        async with room.cable(room.bob) as phone:
            await alice.hears(room.bob, "online")
            await say(phone, "away")
            await alice.hears(room.bob, "away")
        await alice.hears(room.bob, "offline")
        async with room.cable(room.bob):
            await alice.hears(room.bob, "online")


@pytest.mark.parametrize("channel", ["ConversationsChannel", "UserChannel"])
async def test_it_is_said_over_action_cable(room: Room, house: House, channel: str) -> None:
    identifier = identify(room.id) if channel == "ConversationsChannel" else USER_CHANNEL

    async with (
        native(house, room.alice, room) as alice,
        following(house, room.bob, identifier) as cable,
    ):
        await alice.hears(room.bob, "online")
        await cable.perform(identifier, "presence", status="away")
        await alice.hears(room.bob, "away")
        await cable.perform(identifier, "presence", status="gone", ref="r")
        while (message := (await cable.next_of(None))["message"])["type"] != "error":
            pass

    assert (message["status"], message["ref"]) == (422, "r")
    assert "status" in message["fields"]


@pytest.mark.parametrize("path", ["/events", "/conversations/{id}/events"])
async def test_without_a_socket_it_is_said_when_connecting(
    room: Room, house: House, path: str
) -> None:
    """Whoever turns away comes back by another connection, from their cursor on."""
    address = path.format(id=room.id)
    async with native(house, room.alice, room) as alice:
        async with open_stream(house, room.bob, address):
            await alice.hears(room.bob, "online")
        async with open_stream(house, room.bob, f"{address}?away=true"):
            await alice.hears(room.bob, "away")
        await alice.hears(room.bob, "offline")

    assert alice.statuses(room.bob) == ["online", "away", "offline"]


@pytest.mark.parametrize("status", ["offline", "busy", "", None, 1, [], {}])
async def test_there_is_nothing_else_to_be(room: Room, status: object) -> None:
    async with room.cable(room.bob) as cable:
        answered, body = await say(cable, status)
        assert (await say(cable, "online"))[0] == 204

    assert answered == 422
    assert isinstance(body, dict)
    assert "status" in body["fields"]


async def test_away_in_a_query_is_yes_or_no(room: Room) -> None:
    answers = [
        await room.bob.client.get(f"/conversations/{room.id}/events", params={"away": word})
        for word in ("true", "false", "perhaps")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 422]
