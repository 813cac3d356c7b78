"""No live frame goes ahead of what is still to be replayed. The clients keep the last position
that they saw, not the highest, and drop nothing: a frame too early is a message lost.

Source: the hazard that AnyCable's own server has, between restoring and the history's answer.
"""

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.action_cable.sockets import (
    EXT,
    Frame,
    following,
    identify,
    messages_in,
    open_socket,
)
from tests.realtime.sockets import Room


async def hear(room: Room, body: str) -> Frame:
    """Alice says it, and everybody in the house has been told when this returns."""
    async with following(room.house, room.alice, identify(room.id)) as witness:
        await room.say(body)
        return await witness.next()


async def test_a_second_drop_before_the_history_loses_nothing(room: Room) -> None:
    identifier = identify(room.id)
    async with following(room.house, room.bob, identifier, EXT) as cable:
        await room.say("one")
        seen = await cable.next()
        cable.drop()
    sid = cable.sid

    await room.say("two")
    async with open_socket(room.house, room.bob, (EXT,), f"?sid={sid}") as cable:
        assert (await cable.welcome())["restored_ids"] == [identifier]
        await hear(room, "three")
        assert await cable.meanwhile() == []
        cable.drop()

    async with open_socket(room.house, room.bob, (EXT,), f"?sid={cable.sid}") as cable:
        assert (await cable.welcome())["restored_ids"] == [identifier]
        await hear(room, "four")
        replayed = messages_in(await cable.history(identifier, seen))
        await room.say("five")
        heard = replayed + messages_in([await cable.next()])
        while heard[-1]["body"] != "five":
            heard += messages_in([await cable.next()])

    assert [message["body"] for message in heard] == ["two", "three", "four", "five"]


async def test_held_frames_come_after_the_replay_and_none_twice(room: Room) -> None:
    identifier = identify(room.id)
    async with following(room.house, room.bob, identifier, EXT) as cable:
        await room.say("one")
        seen = await cable.next()
        cable.drop()

    async with open_socket(room.house, room.bob, (EXT,), f"?sid={cable.sid}") as cable:
        await cable.welcome()
        for n in range(5):
            await hear(room, f"held {n}")
        frames = await cable.history(identifier, seen)
        await room.say("last")
        while not any(m["body"] == "last" for m in messages_in(frames)):
            frames.append(await cable.next())

    assert [frame["offset"] for frame in frames if "offset" in frame] == list(range(2, 8))


async def test_each_identifier_is_held_until_its_own_history(room: Room) -> None:
    carol = await room.house.person("carol")
    other = await room.house.conversation(room.bob, carol)
    here, there = identify(room.id), identify(other.id)
    async with following(room.house, room.bob, here, EXT) as cable:
        await cable.follow(there)
        cable.drop()

    async with open_socket(room.house, room.bob, (EXT,), f"?sid={cable.sid}") as cable:
        await cable.welcome()
        await cable.history(there)
        await hear(room, "held")
        await room.house.message(other, carol, "free")
        assert messages_in([await cable.next()])[0]["body"] == "free"
        assert await cable.meanwhile() == []
        frames = await cable.history(here)
        if not messages_in(frames):
            frames = [await cable.next()]
        assert messages_in(frames)[0]["body"] == "held"


async def test_who_asks_for_no_history_is_not_held_for_ever(settings: Settings, room: Room) -> None:
    assert settings.cable_hold_seconds == 3  # A client asks at once, or not at all.
    hasty = settings.model_copy(update={"cable_hold_seconds": 0.1})
    identifier = identify(room.id)

    async with serve(hasty) as house:
        async with following(house, room.bob, identifier, EXT) as cable:
            cable.drop()
        async with open_socket(house, room.bob, (EXT,), f"?sid={cable.sid}") as cable:
            await cable.welcome()
            said = await room.say("Hello")
            assert messages_in([await cable.next()]) == [said]


async def test_a_restored_session_that_had_heard_nothing_begins_where_it_subscribed(
    room: Room,
) -> None:
    """Whatever the client's clock says: it names no position, because it has seen none."""
    await room.say("before")
    identifier = identify(room.id)
    async with following(room.house, room.bob, identifier, EXT) as cable:
        cable.drop()
    missed = [await room.say(f"missed {n}") for n in range(2)]

    for since in (0, 2**33):
        async with open_socket(room.house, room.bob, (EXT,), f"?sid={cable.sid}") as again:
            assert (await again.welcome())["restored"]
            assert messages_in(await again.history(identifier, since=since)) == missed


async def test_an_answered_history_does_not_hold_or_repeat_what_is_live(room: Room) -> None:
    identifier = identify(room.id)
    async with following(room.house, room.bob, identifier, EXT) as cable:
        await room.say("one")
        seen = await cable.next()
        for n in range(20):
            said = await room.say(f"message {n}")
            frames = [await cable.next()]
            assert messages_in(frames) == [said]
            await cable.history(identifier, seen)
        assert await cable.meanwhile() == []
