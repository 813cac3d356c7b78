"""What was missed is replayed from the log: exactly once, in order, or refused in full."""

from time import time
from typing import Any

import pytest
from sqlalchemy import text

from app.kit import log
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
    rejection,
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


async def test_every_history_has_one_answer(room: Room) -> None:
    identifier, epoch = identify(room.id), await epoch_of(room)

    async with following(room.house, room.bob, identifier, EXT) as cable:
        for _ in range(3):
            await cable.command("history", identifier, history=positions(room, epoch, 0))
        await cable.command("history", identifier, history=positions(room, "foreign", 0))
        frames = await cable.meanwhile()

    assert frames == [confirmed(identifier)] * 3 + [refused(identifier)]


async def test_nothing_was_missed(room: Room) -> None:
    identifier = identify(room.id)
    async with following(room.house, room.bob, identifier, EXT) as cable:
        await room.say("Hello")
        seen = await cable.next()
        assert await cable.history(identifier, seen) == [confirmed(identifier)]
        async with room.house.session() as session:
            await session.execute(text("DELETE FROM events"))
        assert await cable.history(identifier, seen) == [confirmed(identifier)]


@pytest.mark.parametrize("as_subscribe", [True, False])
@pytest.mark.parametrize("case", ["foreign epoch", "no epoch", "future", "pruned"])
async def test_a_position_that_cannot_be_served_is_refused_and_nothing_is_sent(
    room: Room, case: str, as_subscribe: bool
) -> None:
    identifier, epoch = identify(room.id), await epoch_of(room)
    for n in range(4):
        await room.say(f"message {n}")
    async with room.house.session() as session:
        await session.execute(text("DELETE FROM events WHERE seq < 3"))
    wanted = {
        "foreign epoch": positions(room, "0badbad0", 3),
        "no epoch": positions(room, "", 3),
        "future": positions(room, epoch, 5),
        "pruned": positions(room, epoch, 1),
    }[case]

    async with welcomed(room.house, room.bob, EXT) as cable:
        if as_subscribe:
            await cable.command("subscribe", identifier, history=wanted)
            assert await cable.next() == confirmation(identifier)
        else:
            await cable.follow(identifier)
            await cable.command("history", identifier, history=wanted)
        assert await cable.next() == refused(identifier)
        now = await room.say("now")
        assert messages_in([await cable.next()]) == [now]
        # The oldest that is kept can be had.
        await cable.command("history", identifier, history=positions(room, epoch, 2))
        assert [f.get("offset") for f in await cable.take(4)] == [3, 4, 5, None]


async def test_everything_is_refused_after_the_data_were_replaced(room: Room) -> None:
    identifier = identify(room.id)
    async with following(room.house, room.bob, identifier, EXT) as cable:
        await room.say("Hello")
        seen = await cable.next()
    async with room.house.session() as session:
        await log.renew_epoch(session)

    async with following(room.house, room.bob, identifier, EXT) as cable:
        assert await cable.history(identifier, seen) == [refused(identifier)]
        await room.say("now")
        assert (await cable.next())["epoch"] != seen["epoch"]


async def test_an_offset_that_is_no_place_does_no_harm(room: Room) -> None:
    identifier, epoch = identify(room.id), await epoch_of(room)
    await room.say("Hello")

    for offset in ("1", 1.0, 1.5, -1, True, None, [1], 2**63, 2**70, -(2**70), "x"):
        async with following(room.house, room.bob, identifier, EXT) as cable:
            await cable.command("history", identifier, history=positions(room, epoch, offset))
            (answer,) = [f for f in await cable.meanwhile() if "history" in str(f.get("type"))]
            assert answer in (confirmed(identifier), refused(identifier)), offset
            now = await room.say("now")
            assert messages_in([await cable.next()]) == [now]


NO_HISTORIES: list[object] = [
    None,
    {},
    [],
    "all",
    5,
    {"streams": None},
    {"streams": []},
    {"streams": {}},
    {"streams": {"conversation:1": None}},
    {"streams": {"conversation:1": 5}},
    {"since": "yesterday"},
    {"since": None},
    {"since": [0]},
    {"since": -(2**70)},
    {"since": 2**70},
    {"since": 1e300},
]


async def test_a_history_that_asks_for_nothing_is_answered_once(room: Room) -> None:
    identifier = identify(room.id)

    for history in NO_HISTORIES:
        async with following(room.house, room.bob, identifier, EXT) as cable:
            await cable.command("history", identifier, history=history)
            (answer,) = [f for f in await cable.meanwhile() if "type" in f]
            assert answer in (confirmed(identifier), refused(identifier)), history
            now = await room.say("now")
            assert messages_in([await cable.next()]) == [now]


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


async def test_a_stream_that_is_not_of_the_subscription_is_no_way_in(room: Room) -> None:
    carol = await room.house.person("carol")
    own = await room.house.conversation(carol, room.alice)
    await room.say("not for carol")
    identifier, epoch = identify(own.id), await epoch_of(room)

    async with welcomed(room.house, carol, EXT) as cable:
        await cable.command("subscribe", identify(room.id), history=positions(room, epoch, 0))
        assert await cable.next() == rejection(identify(room.id))
        await cable.command("history", identify(room.id), history=positions(room, epoch, 0))
        assert messages_in(await cable.meanwhile()) == []
        await cable.command("subscribe", identifier, history=positions(room, epoch, 0))
        assert await cable.take(2) == [confirmation(identifier), confirmed(identifier)]


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
            await messages.post(session, room.conversation, room.alice.user, draft)
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
