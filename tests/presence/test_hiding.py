"""Who does not show whether they are here."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from app.presence.schemas import Status
from tests.answers import refusal
from tests.factories import House, Person
from tests.presence.watching import native, presences
from tests.realtime.sockets import PATIENCE_SECONDS, Room


async def show_presence(person: Person, is_shown: bool) -> None:
    answer = await person.client.put("/users/me", json={"user": {"show_presence": is_shown}})
    assert answer.status_code == 200
    assert answer.json()["user"]["show_presence"] is is_shown


def hidden(person: Person) -> dict[str, Any]:
    return {"user_id": person.id, "status": "offline", "last_seen_at": None}


async def test_who_hides_goes_at_once_and_was_never_seen(room: Room) -> None:
    async with native(room.house, room.alice, room) as alice:
        async with native(room.house, room.bob, room):
            await alice.hears(room.bob, "online")
            await show_presence(room.bob, False)
            assert (await alice.hears(room.bob, "offline"))["last_seen_at"] is None
            assert (await presences(room.alice, room))[room.bob.id] == hidden(room.bob)
            assert (await presences(room.bob, room))[room.bob.id] == hidden(room.bob)
            await show_presence(room.bob, True)
            await alice.hears(room.bob, "online")
        assert (await alice.hears(room.bob, "offline"))["last_seen_at"]
        await show_presence(room.bob, False)
        assert (await presences(room.alice, room))[room.bob.id] == hidden(room.bob)


async def is_here(room: Room, person: Person, status: Status) -> None:
    """Wait until the roll says so: nobody is told."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await room.house.state["roll"].statuses([person.id]))[person.id] != status:
            await asyncio.sleep(0.01)


async def test_of_who_hides_nothing_is_heard(room: Room) -> None:
    """Carol comes after Bob has come and gone."""
    carol = await room.house.person("carol")
    conversation = await room.house.conversation(room.alice, room.bob, carol)
    group = Room(room.house, room.alice, room.bob, conversation)
    async with room.house.session() as session:
        hide = text("UPDATE users SET show_presence = false WHERE id = :id")
        await session.execute(hide, {"id": room.bob.id})

    async with native(room.house, room.alice, group) as alice:
        async with native(room.house, room.bob, group):
            await is_here(room, room.bob, Status.ONLINE)
            assert (await presences(room.alice, group))[room.bob.id] == hidden(room.bob)
        await is_here(room, room.bob, Status.OFFLINE)
        async with native(room.house, carol, group):
            await alice.hears(carol, "online")

    assert alice.statuses(room.bob) == []


async def test_it_is_ones_own_to_see(house: House) -> None:
    alice, bob = await house.person(), await house.person()
    await house.conversation(alice, bob)

    assert (await alice.client.get("/users/me")).json()["show_presence"] is True
    await show_presence(alice, False)
    await alice.client.patch("/users/me", json={"name": "Alice L."})
    assert (await alice.client.get("/users/me")).json()["show_presence"] is False
    assert "show_presence" not in (await bob.client.get("/conversations")).text


@pytest.mark.parametrize("wrong", [None, "false", "", 0, 1, [], {}])
async def test_it_is_yes_or_no(house: House, wrong: object) -> None:
    alice = await house.person()

    answer = await alice.client.patch("/users/me", json={"show_presence": wrong})

    assert refusal(answer)[0] == 422
    assert (await alice.client.get("/users/me")).json()["show_presence"] is True
