"""What cannot be replayed is refused in full, and what makes no sense does no harm."""

import pytest
from sqlalchemy import text

from app.kit import log
from tests.realtime.action_cable.sockets import (
    EXT,
    USER_CHANNEL,
    confirmation,
    following,
    identify,
    messages_in,
    rejection,
    welcomed,
)
from tests.realtime.action_cable.test_history import confirmed, epoch_of, positions, refused
from tests.realtime.sockets import Room


async def test_every_history_has_one_answer(room: Room) -> None:
    identifier, epoch = identify(room.id), await epoch_of(room)

    async with following(room.house, room.bob, identifier, EXT) as cable:
        for _ in range(3):
            await cable.command("history", identifier, history=positions(room, epoch, 0))
        await cable.command("history", identifier, history=positions(room, "foreign", 0))
        frames = await cable.meanwhile()

    assert frames == [confirmed(identifier)] * 3 + [refused(identifier)]


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


@pytest.mark.parametrize("channel", [identify(1), USER_CHANNEL])
async def test_after_the_data_were_replaced_everybody_comes_back_and_is_refused(
    room: Room, channel: str
) -> None:
    async with following(room.house, room.bob, channel, EXT) as cable:
        await room.say("Hello")
        seen = await cable.next()
        async with room.house.session() as session:
            await log.renew_epoch(session)
        frame, _ = await cable.farewell()
        assert frame == {"type": "disconnect", "reason": "resync_required", "reconnect": True}

    async with following(room.house, room.bob, channel, EXT) as cable:
        assert await cable.history(channel, seen) == [refused(channel)]
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
