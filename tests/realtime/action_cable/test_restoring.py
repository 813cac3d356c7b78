"""A session that comes back finds its subscriptions as they were."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import text

from app.kit.settings import Settings
from tests.conftest import serve
from tests.factories import House, Person
from tests.houses import changed
from tests.realtime.action_cable.sockets import (
    EXT,
    V1,
    ActionCable,
    Frame,
    following,
    identify,
    messages_in,
    open_socket,
    rejection,
)
from tests.realtime.sockets import PATIENCE_SECONDS, Room


async def come_back(house: House, person: Person, sid: str, **headers: str) -> Frame:
    """The welcome that one gets."""
    async with open_socket(house, person, (EXT,), f"?sid={sid}", **headers) as cable:
        return await cable.next()


@asynccontextmanager
async def back(house: House, person: Person, sid: str) -> AsyncIterator[ActionCable]:
    """Restored."""
    async with open_socket(house, person, (EXT,), f"?sid={sid}") as cable:
        assert (await cable.welcome()).get("restored") is True
        yield cable


async def left(room: Room, *identifiers: str) -> str:
    """Bob was here, subscribed to these, and his connection broke. Answers its session's id."""
    async with following(room.house, room.bob, identifiers[0], EXT) as cable:
        for identifier in identifiers[1:]:
            await cable.follow(identifier)
        cable.drop()
    return cable.sid


def is_new(welcome: Frame) -> bool:
    """Nothing was restored."""
    assert welcome["type"] == "welcome"
    return not welcome.get("restored") and not welcome.get("restored_ids")


async def test_the_welcome_says_what_was_restored(room: Room) -> None:
    carol = await room.house.person("carol")
    other = await room.house.conversation(room.bob, carol)
    identifiers = [identify(room.id), identify(str(other.id))]
    sid = await left(room, *identifiers)

    welcome = await come_back(room.house, room.bob, sid)

    assert set(welcome) == {"type", "sid", "restored", "restored_ids"}
    assert welcome["restored"] is True
    assert sorted(welcome["restored_ids"]) == sorted(identifiers)
    assert welcome["sid"] != sid


async def test_no_confirmation_follows_and_live_news_does(room: Room) -> None:
    identifier = identify(room.id)
    sid = await left(room, identifier)

    async with back(room.house, room.bob, sid) as cable:
        assert await cable.meanwhile() == []
        await cable.history(identifier)
        said = await room.say("Hello")
        assert messages_in([await cable.next()]) == [said]
        await cable.perform(identifier, "speak", body="I am back")
        assert messages_in([await cable.next()])[0]["body"] == "I am back"


@pytest.mark.parametrize("asks_first", [True, False])
async def test_who_never_heard_the_confirmation_subscribes_again_and_hears_it_once(
    room: Room, asks_first: bool
) -> None:
    """A client that knows that it is restored does not subscribe; one that does must be told."""
    identifier = identify(room.id)
    sid = await left(room, identifier)
    missed = await room.say("missed")

    async with back(room.house, room.bob, sid) as cable:
        heard = messages_in(await cable.history(identifier, since=0)) if asks_first else []
        history = {"since": 0, "streams": {}}
        for _ in range(2):
            await cable.command("subscribe", identifier, history=history)
        frames = await cable.meanwhile()
        now = await room.say("now")
        heard += messages_in([*frames, await cable.next()])

    assert [f["type"] for f in frames if "type" in f] == ["confirm_subscription", "confirm_history"]
    assert heard == [missed, now]


async def test_it_is_restored_at_another_worker(settings: Settings, room: Room) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, EXT) as cable,
        serve(settings) as other,
        back(other, room.bob, cable.sid) as again,
    ):
        await again.history(identifier)
        said = await room.say("Hello")
        assert messages_in([await again.next()]) == [said]


async def test_it_is_restored_without_a_redis(settings: Settings, room: Room) -> None:
    async with serve(changed(settings, redis_url=None)) as house:
        sid = await left(Room(house, room.alice, room.bob, room.conversation), identify(room.id))
        assert (await come_back(house, room.bob, sid))["restored_ids"] == [identify(room.id)]


async def test_the_header_wins_over_the_query(room: Room) -> None:
    first, second = await left(room, identify(room.id)), await left(room, identify(str(room.id)))

    welcome = await come_back(room.house, room.bob, first, x_anycable_restore_sid=second)
    assert welcome["restored_ids"] == [identify(str(room.id))]
    welcome = await come_back(room.house, room.bob, "", x_anycable_restore_sid=first)
    assert welcome["restored_ids"] == [identify(room.id)]


async def test_an_old_session_can_be_asked_for_twice(room: Room) -> None:
    """The connection may have died before its welcome arrived."""
    sid = await left(room, identify(room.id))

    for _ in range(2):
        welcome = await come_back(room.house, room.bob, sid)
        assert welcome["restored_ids"] == [identify(room.id)]
    welcome = await come_back(room.house, room.bob, welcome["sid"])
    assert welcome["restored_ids"] == [identify(room.id)]


async def test_what_was_unsubscribed_is_not_restored(room: Room) -> None:
    async with following(room.house, room.bob, identify(room.id), EXT) as cable:
        await cable.follow(identify(str(room.id)))
        await cable.command("unsubscribe", identify(room.id))
        await cable.subscribe(identify(room.id + 1))
        cable.drop()

    welcome = await come_back(room.house, room.bob, cable.sid)
    assert welcome["restored_ids"] == [identify(str(room.id))]


@pytest.mark.parametrize("sid", ["", "nonsense", "0" * 32, "%00", "*", "a" * 5000, "%ED%A0%80"])
async def test_a_session_that_is_unknown_is_a_new_one(room: Room, sid: str) -> None:
    await left(room, identify(room.id))

    assert is_new(await come_back(room.house, room.bob, sid))


async def test_a_session_is_restored_for_its_own_user_only(room: Room) -> None:
    sid = await left(room, identify(room.id))

    assert is_new(await come_back(room.house, room.alice, sid))
    assert not is_new(await come_back(room.house, room.bob, sid))


async def test_a_session_does_not_sign_in(room: Room) -> None:
    sid = await left(room, identify(room.id))

    async with open_socket(room.house, None, (EXT,), f"?sid={sid}") as cable:
        assert await cable.next() == {
            "type": "disconnect",
            "reason": "unauthorized",
            "reconnect": False,
        }


async def test_a_membership_that_ended_is_not_restored(room: Room) -> None:
    carol = await room.house.person("carol")
    kept = await room.house.conversation(room.bob, carol)
    sid = await left(room, identify(room.id), identify(kept.id))
    async with room.house.session() as session:
        await session.execute(
            text("DELETE FROM participants WHERE user_id = :id AND conversation_id = :from"),
            {"id": room.bob.id, "from": room.id},
        )

    async with open_socket(room.house, room.bob, (EXT,), f"?sid={sid}") as cable:
        assert (await cable.welcome())["restored_ids"] == [identify(kept.id)]
        assert await cable.subscribe(identify(room.id)) == rejection(identify(room.id))


async def test_a_session_is_forgotten_after_a_while(settings: Settings, room: Room) -> None:
    short = settings.model_copy(update={"cable_session_seconds": 1})

    async with serve(short) as house:
        here = Room(house, room.alice, room.bob, room.conversation)
        sid = await left(here, identify(room.id))
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not is_new(await come_back(house, room.bob, sid)):
                pass


async def test_a_session_that_lasts_is_kept_for_as_long(settings: Settings, room: Room) -> None:
    """Its time begins when the connection ends. The pings tell that the time has passed."""
    short = settings.model_copy(update={"cable_session_seconds": 1, "cable_ping_seconds": 0.5})

    async with serve(short) as house:
        async with following(house, room.bob, identify(room.id), EXT) as cable:
            for _ in range(4):
                await cable.next_ping()
            cable.drop()
        assert not is_new(await come_back(house, room.bob, cable.sid))


async def test_the_base_protocol_restores_nothing(room: Room) -> None:
    sid = await left(room, identify(room.id))

    async with open_socket(room.house, room.bob, (V1,), f"?sid={sid}") as cable:
        assert is_new(await cable.next())
        await room.say("unheard")
        assert await cable.meanwhile() == []
