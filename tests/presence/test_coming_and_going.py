"""Who comes, who goes, and who hears of it."""

import asyncio

import pytest
from sqlalchemy import text

from app.auth.access import NOWHERE
from app.auth.actions import TokenWish
from app.kit.clock import read_iso
from app.kit.settings import Settings
from app.models import Scope
from tests.conftest import serve
from tests.factories import House, Person
from tests.houses import changed
from tests.presence.watching import LONG_GRACE, native, user_stream
from tests.realtime.sockets import Room


@pytest.fixture
def house(room: Room) -> House:
    return room.house


async def test_the_news_in_full(room: Room, house: House) -> None:
    async with native(house, room.alice, room) as alice:
        async with native(house, room.bob, room):
            came = await alice.hears(room.bob, "online")
        went = await alice.hears(room.bob, "offline")

    assert came == {
        "type": "presence.changed",
        "conversation_id": room.id,
        "user_id": room.bob.id,
        "status": "online",
        "last_seen_at": None,
    }
    assert went == came | {"status": "offline", "last_seen_at": went["last_seen_at"]}
    assert read_iso(went["last_seen_at"])


async def test_with_one_of_several_connections_nobody_goes(room: Room, house: House) -> None:
    carol = await house.person("carol")
    async with house.session() as session:
        await session.execute(
            text("INSERT INTO participants (conversation_id, user_id) VALUES (:id, :user_id)"),
            {"id": room.id, "user_id": carol.id},
        )
    async with native(house, room.alice, room) as alice:
        async with native(house, room.bob, room):
            await alice.hears(room.bob, "online")
            async with native(house, room.bob, room):
                pass
            async with native(house, carol, room):
                await alice.hears(carol, "online")
            await alice.hears(carol, "offline")
            assert alice.statuses(room.bob) == ["online"]
        await alice.hears(room.bob, "offline")


async def test_a_reload_makes_no_noise(settings: Settings, live_house: House) -> None:
    async with serve(changed(settings, **LONG_GRACE)) as house:
        room, carol = await Room.in_house(house), await house.person("carol")
        group = Room(
            house, room.alice, room.bob, await house.conversation(room.alice, room.bob, carol)
        )
        async with native(house, room.alice, group) as alice:
            async with native(house, room.bob, group):
                await alice.hears(room.bob, "online")
            async with native(house, room.bob, group), native(house, carol, group):
                await alice.hears(carol, "online")

        assert alice.statuses(room.bob) == ["online"]


async def test_whose_login_has_ended_goes(room: Room, house: House) -> None:
    async with native(house, room.alice, room) as alice, native(house, room.bob, room):
        await alice.hears(room.bob, "online")
        await room.bob.client.delete("/users/sign_out")
        await alice.hears(room.bob, "offline")


async def test_a_token_that_only_reads_shows_nobody(room: Room, house: House) -> None:
    wish = TokenWish("Nightly report", Scope.READ, None)
    async with house.session() as session:
        given = await house.state["front_desk"].give_token(session, room.bob.user, NOWHERE, wish)
    reader = house.client()
    reader.headers["authorization"] = f"Bearer {given.credential}"
    address = f"/conversations/{room.id}/events"

    async with native(house, room.alice, room) as alice:
        cursor = (await reader.get(address)).json()["cursor"]
        waiting = asyncio.create_task(reader.get(address, params={"since": cursor, "wait": "20"}))
        await alice.hears(room.alice, "online")
        await room.say("for the report")
        await waiting
        async with native(house, room.bob, room):
            await alice.hears(room.bob, "online")

    assert alice.statuses(room.bob) == ["online"]


async def test_nobody_is_written_down_before_they_go(room: Room, house: House) -> None:
    async def seen(person: Person) -> object:
        async with house.session() as session:
            query = text("SELECT last_seen_at FROM users WHERE id = :id")
            return (await session.execute(query, {"id": person.id})).scalar_one()

    async with native(house, room.alice, room) as alice:
        async with native(house, room.bob, room):
            await alice.hears(room.bob, "online")
            await house.state["saying"].say_again()
            assert await seen(room.bob) is None
        await alice.hears(room.bob, "offline")
        assert await seen(room.bob) is not None
        assert await seen(room.alice) is None


async def test_all_conversations_hear_of_it_however_many(
    room: Room, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.presence.jobs.telling._EVENTS_AT_ONCE", 2)
    carol = await house.person("carol")
    more = [await house.conversation(room.alice, room.bob, carol) for _ in range(4)]
    ids = {room.id, *(one.id for one in more)}

    async with user_stream(house, room.alice, room) as alice, native(house, room.bob, room):
        heard = {(await alice.hears(room.bob, "online"))["conversation_id"] for _ in ids}

    assert heard == ids
