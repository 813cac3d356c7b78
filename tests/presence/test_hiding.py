"""Who does not show whether they are here."""

from typing import Any

import pytest

from tests.answers import refusal
from tests.factories import House, Person
from tests.presence.watching import native, presences
from tests.realtime.sockets import Room


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


async def test_of_who_hides_nothing_is_heard(room: Room) -> None:
    """Carol comes after Bob has, and is away after he has gone."""
    carol = await room.house.person("carol")
    conversation = await room.house.conversation(room.alice, room.bob, carol)
    group = Room(room.house, room.alice, room.bob, conversation)
    await show_presence(room.bob, False)

    async with native(room.house, room.alice, group) as alice, group.cable(carol) as cable:
        async with native(room.house, room.bob, group) as bob:
            await cable.ask(type="presence", status="away")
            await bob.hears(carol, "away")
            assert (await presences(room.alice, group))[room.bob.id] == hidden(room.bob)
        while room.bob.id in await who_is_here(room):
            pass
        await cable.ask(type="presence", status="online")
        while not alice.heard or alice.heard[-1]["status"] != "online" or len(alice.heard) < 2:
            await alice.next()

    assert alice.statuses(room.bob) == []


async def who_is_here(room: Room) -> list[int]:
    statuses = await room.house.state["roll"].statuses([room.alice.id, room.bob.id])
    return [user_id for user_id, status in statuses.items() if status != "offline"]


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
