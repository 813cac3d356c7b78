"""Who is here: a set of people, each with any number of sessions."""

from typing import Any

import pytest

from app.kit.settings import Settings
from tests.conftest import serve
from tests.factories import Person
from tests.realtime.action_cable.sockets import (
    EXT,
    V1,
    ActionCable,
    Frame,
    following,
    identify,
    messages_in,
    open_socket,
    welcomed,
)
from tests.realtime.sockets import Room


def record(person: Person) -> Frame:
    user = person.user
    return {"id": str(user.id), "info": {"username": user.username, "name": user.name}}


def presence(room: Room, message: Frame) -> Frame:
    return {"type": "presence", "identifier": identify(room.id), "message": message}


def joined(room: Room, person: Person) -> Frame:
    return presence(room, {"type": "join", **record(person)})


def gone(room: Room, person: Person) -> Frame:
    return presence(room, {"type": "leave", "id": str(person.id)})


def listening(room: Room, person: Person, protocol: str = EXT) -> Any:
    return following(room.house, person, identify(room.id), protocol)


async def join(cable: ActionCable, room: Room) -> None:
    invented = {"id": "somebody else", "info": {"name": "Mallory"}}
    await cable.command("join", identify(room.id), presence=invented)


async def who_is_here(cable: ActionCable, room: Room) -> Frame:
    await cable.command("presence", identify(room.id), data={})
    while (message := (await cable.next_of("presence"))["message"])["type"] != "info":
        pass
    found: Frame = message
    return found


def here(*people: Person) -> Frame:
    records = {"records": [record(person) for person in people]} if people else {}
    return {"type": "info", "total": len(people)} | records


async def test_everybody_hears_who_joins_by_their_true_name(room: Room) -> None:
    async with listening(room, room.alice) as alice, listening(room, room.bob) as bob:
        await join(bob, room)
        for cable in (bob, alice):
            assert await cable.next() == joined(room, room.bob)


async def test_who_is_here_is_told_to_who_asks(room: Room) -> None:
    async with listening(room, room.alice) as alice, listening(room, room.bob) as bob:
        assert await who_is_here(alice, room) == here()
        await join(bob, room)
        await alice.next_of("presence")
        assert await who_is_here(alice, room) == here(room.bob)
        await join(alice, room)
        found = await who_is_here(bob, room)
        assert await bob.meanwhile() == []

    assert found["total"] == 2
    assert sorted(found["records"], key=lambda one: int(one["id"])) == [
        record(room.alice),
        record(room.bob),
    ]


async def test_only_the_first_session_joins_and_only_the_last_leaves(room: Room) -> None:
    identifier = identify(room.id)

    async with (
        listening(room, room.alice) as alice,
        listening(room, room.bob) as phone,
        listening(room, room.bob) as laptop,
    ):
        await join(phone, room)
        assert await alice.next() == joined(room, room.bob)
        await join(phone, room)
        await join(laptop, room)
        await laptop.meanwhile()
        await phone.command("leave", identifier)
        await phone.meanwhile()
        said = await room.say("still here")
        assert messages_in([await alice.next()]) == [said]
        await laptop.command("leave", identifier, presence={"id": "somebody else"})
        assert await alice.next() == gone(room, room.bob)
        assert await who_is_here(alice, room) == here()


async def test_unsubscribing_leaves(room: Room) -> None:
    async with listening(room, room.alice) as alice, listening(room, room.bob) as bob:
        await join(bob, room)
        await alice.next()
        await bob.command("unsubscribe", identify(room.id))
        assert await alice.next() == gone(room, room.bob)


async def test_who_does_not_come_back_is_gone_after_a_while(settings: Settings, room: Room) -> None:
    hasty = settings.model_copy(
        update={"presence_lasts_seconds": 0.6, "presence_again_seconds": 0.2}
    )
    async with (
        serve(hasty) as house,
        following(house, room.alice, identify(room.id), EXT) as alice,
    ):
        async with following(house, room.bob, identify(room.id), EXT) as bob:
            await join(bob, room)
            assert await alice.next() == joined(room, room.bob)
            bob.drop()
        assert await alice.next() == gone(room, room.bob)
        assert await who_is_here(alice, room) == here()


async def test_who_stays_does_not_leave(settings: Settings, room: Room) -> None:
    """The pings tell that the time has passed."""
    hasty = settings.model_copy(
        update={
            "presence_lasts_seconds": 0.6,
            "presence_again_seconds": 0.2,
            "cable_ping_seconds": 0.4,
        }
    )
    async with (
        serve(hasty) as house,
        following(house, room.alice, identify(room.id), EXT) as alice,
        following(house, room.bob, identify(room.id), EXT) as bob,
    ):
        await join(bob, room)
        assert await alice.next() == joined(room, room.bob)
        for _ in range(5):
            await bob.next_ping()
        assert await alice.meanwhile() == []
        assert await who_is_here(alice, room) == here(room.bob)


async def test_a_quick_return_makes_no_noise(room: Room) -> None:
    async with listening(room, room.alice) as alice:
        async with listening(room, room.bob) as bob:
            await join(bob, room)
            assert await alice.next() == joined(room, room.bob)
            bob.drop()
        async with open_socket(room.house, room.bob, (EXT,), f"?sid={bob.sid}") as again:
            assert (await again.welcome())["restored"]
            await again.history(identify(room.id))
            await join(again, room)
            await again.meanwhile()
            said = await room.say("back")
            assert messages_in([await alice.next()]) == [said]
            assert await who_is_here(alice, room) == here(room.bob)


async def test_presence_in_a_subscribe_comes_after_its_history(room: Room) -> None:
    identifier = identify(room.id)
    await room.say("before")

    async with welcomed(room.house, room.bob, EXT) as cable:
        wanted = {"history": {"since": 0}, "presence": {"id": "1"}}
        await cable.command("subscribe", identifier, **wanted)
        frames = await cable.take(4)

    assert [frame.get("type") for frame in frames] == [
        "confirm_subscription",
        None,
        "confirm_history",
        "presence",
    ]
    assert frames[-1] == joined(room, room.bob)


async def test_the_base_protocol_hears_nothing_of_it(room: Room) -> None:
    async with (
        listening(room, room.alice, V1) as alice,
        listening(room, room.bob) as bob,
    ):
        await join(bob, room)
        await bob.next_of("presence")
        said = await room.say("after")
        assert messages_in([await alice.next()]) == [said]


async def test_only_who_has_subscribed_is_here_or_may_ask(room: Room) -> None:
    carol = await room.house.person("carol")

    async with listening(room, room.alice) as alice, welcomed(room.house, carol, EXT) as outsider:
        await join(outsider, room)
        await outsider.command("presence", identify(room.id), data={})
        assert await outsider.meanwhile() == []
        assert await who_is_here(alice, room) == here()


async def test_it_reaches_the_other_worker(settings: Settings, room: Room) -> None:
    async with (
        serve(settings) as other,
        following(other, room.alice, identify(room.id), EXT) as alice,
        listening(room, room.bob) as bob,
    ):
        await join(bob, room)
        assert await alice.next() == joined(room, room.bob)
        assert await who_is_here(alice, room) == here(room.bob)
        await bob.command("leave", identify(room.id))
        assert await alice.next() == gone(room, room.bob)


@pytest.mark.parametrize("presence", [None, 5, [], "bob", {"id": 5}, {"id": None, "info": 1}])
async def test_what_a_client_says_of_itself_does_not_matter(room: Room, presence: object) -> None:
    async with listening(room, room.bob) as bob:
        await bob.command("join", identify(room.id), presence=presence)
        assert await bob.next() == joined(room, room.bob)
