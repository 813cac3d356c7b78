"""What was missed is replayed from the log: exactly once, in order, or refused in full."""

from time import time
from typing import Any

from sqlalchemy import text

from app.kit.settings import Settings
from app.messages import actions as messages
from app.messages.schemas import MessageDraft
from tests.conftest import serve
from tests.realtime.action_cable.sockets import (
    EXT,
    Frame,
    confirmation,
    following,
    identify,
    messages_in,
    welcomed,
)
from tests.realtime.sockets import Room


def confirmed(identifier: str) -> Frame:
    return {"type": "confirm_history", "identifier": identifier}


def refused(identifier: str) -> Frame:
    return {"type": "reject_history", "identifier": identifier}


def positions(room: Room, epoch: str, offset: object) -> Frame:
    return {"streams": {f"conversation:{room.id}": {"epoch": epoch, "offset": offset}}}


async def epoch_of(room: Room) -> str:
    async with room.cable(room.bob) as native:
        epoch: str = (await native.next_of("welcome"))["epoch"]
        return epoch


async def age(room: Room, seq: int, seconds: float) -> None:
    """Let an event have happened earlier."""
    change = "UPDATE events SET at = now() - make_interval(secs => :seconds) WHERE seq <= :seq"
    async with room.house.session() as session:
        await session.execute(text(change), {"seq": seq, "seconds": seconds})


async def test_a_subscribe_with_a_position_replays_between_its_two_confirmations(
    room: Room,
) -> None:
    identifier, epoch = identify(room.id), await epoch_of(room)
    first = await room.say("first")
    missed = [await room.say(f"missed {n}") for n in range(3)]

    async with welcomed(room.house, room.bob, EXT) as cable:
        wanted = positions(room, epoch, first["seq"])
        await cable.command("subscribe", identifier, history=wanted)
        frames = await cable.take(5)
        now = await room.say("now")
        live = await cable.next()

    assert frames[0] == confirmation(identifier)
    assert [frame["offset"] for frame in frames[1:-1]] == [said["seq"] for said in missed]
    assert {(frame["stream_id"], frame["epoch"]) for frame in frames[1:-1]} == {
        (f"conversation:{room.id}", epoch)
    }
    assert messages_in(frames) == missed
    assert frames[-1] == confirmed(identifier)
    assert messages_in([live]) == [now]


async def test_a_replayed_frame_is_the_one_that_was_live(room: Room) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier, EXT) as cable:
        await room.say("Hello")
        live = await cable.next()
        replayed, _ = await cable.history(identifier, live | {"offset": 0})

    assert replayed == live


async def test_nothing_was_missed(room: Room) -> None:
    identifier = identify(room.id)
    async with following(room.house, room.bob, identifier, EXT) as cable:
        await room.say("Hello")
        seen = await cable.next()
        assert await cable.history(identifier, seen) == [confirmed(identifier)]
        async with room.house.session() as session:
            await session.execute(text("DELETE FROM events"))
        assert await cable.history(identifier, seen) == [confirmed(identifier)]


async def test_a_history_without_anything_is_confirmed(room: Room) -> None:
    await room.say("before")
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier, EXT) as cable:
        await cable.command("history", identifier)
        assert await cable.meanwhile() == [confirmed(identifier)]


async def test_since_is_a_time_in_seconds_with_a_margin_for_clocks_that_differ(
    room: Room,
) -> None:
    identifier = identify(room.id)
    old, recent, new = [await room.say(body) for body in ("old", "recent", "new")]
    now = int(time())
    await age(room, recent["seq"], 60)
    await age(room, old["seq"], 120)

    async with welcomed(room.house, room.bob, EXT) as cable:
        heard = {}
        for since in (now - 300, now - 90, now - 58, now - 50, now):
            await cable.command("subscribe", identifier, history={"since": since, "streams": {}})
            frames = await cable.until("confirm_history")
            heard[since - now] = messages_in(frames)
            await cable.command("unsubscribe", identifier)

    assert heard == {
        -300: [old, recent, new],
        -90: [recent, new],
        -58: [recent, new],
        -50: [new],
        0: [new],
    }


async def test_since_is_served_as_far_as_there_is_anything(room: Room) -> None:
    identifier = identify(room.id)
    said = [await room.say(f"message {n}") for n in range(3)]
    async with room.house.session() as session:
        await session.execute(text("DELETE FROM events WHERE seq < 2"))

    async with following(room.house, room.bob, identifier, EXT) as cable:
        frames = await cable.history(identifier, since=0)

    assert messages_in(frames) == said[1:]
    assert frames[-1] == confirmed(identifier)


async def test_a_position_wins_over_a_time(room: Room) -> None:
    identifier, epoch = identify(room.id), await epoch_of(room)
    said = [await room.say(f"message {n}") for n in range(3)]

    async with following(room.house, room.bob, identifier, EXT) as cable:
        wanted = positions(room, epoch, said[1]["seq"]) | {"since": 0}
        await cable.command("history", identifier, history=wanted)
        assert messages_in(await cable.until("confirm_history")) == said[2:]


async def test_two_identifiers_of_one_stream_have_each_their_own_history(room: Room) -> None:
    number, other = identify(room.id), identify(str(room.id))
    said = [await room.say(f"message {n}") for n in range(2)]
    epoch = await epoch_of(room)

    async with following(room.house, room.bob, number, EXT) as cable:
        await cable.follow(other)
        for identifier, offset in ((number, 0), (other, 1)):
            await cable.command("history", identifier, history=positions(room, epoch, offset))
            frames = await cable.until("confirm_history")
            assert {frame["identifier"] for frame in frames} == {identifier}
            assert messages_in(frames) == said[offset:]


async def test_any_number_is_replayed(settings: Settings, room: Room) -> None:
    """More than is read at once, and more bytes than an outbox holds."""
    count, body = 1_200, "x" * 1_000
    async with room.house.session() as session:
        for n in range(count):
            draft = MessageDraft(body=f"{n} {body}")
            await messages.post_within(session, room.conversation.id, room.alice.id, draft)
    identifier, epoch = identify(room.id), await epoch_of(room)
    small = settings.model_copy(update={"outbox_max_bytes": 400_000})

    async with serve(small) as house, welcomed(house, room.bob, EXT) as cable:
        await cable.command("subscribe", identifier, history=positions(room, epoch, 0))
        await room.say("meanwhile")
        frames = await cable.until("confirm_history")
        offsets: list[Any] = [f["offset"] for f in frames if "offset" in f]
        if len(offsets) == count:
            offsets.append((await cable.next())["offset"])

    assert offsets == list(range(1, count + 2))


async def test_history_survives_a_redis_that_forgets_and_a_server_that_begins_anew(
    settings: Settings, room: Room
) -> None:
    identifier = identify(room.id)
    async with serve(settings) as house, following(house, room.bob, identifier, EXT) as cable:
        await room.say("seen")
        seen = await cable.next()
    missed = await room.say("missed")

    async with serve(settings) as house, following(house, room.bob, identifier, EXT) as cable:
        assert messages_in(await cable.history(identifier, seen)) == [missed]
