"""A whisper goes to the other sessions of a stream, stamped with who it is from."""

import pytest

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.action_cable.sockets import (
    EXT,
    V1,
    following,
    identify,
    messages_in,
    welcomed,
)
from tests.realtime.sockets import Room


@pytest.mark.parametrize("speaking", [V1, EXT])
@pytest.mark.parametrize("listening", [V1, EXT])
async def test_a_whisper_reaches_the_others_without_a_position(
    room: Room, speaking: str, listening: str
) -> None:
    identifier = identify(room.id)
    cursor = {"event": "cursor", "at": [1, 2]}

    async with (
        following(room.house, room.bob, identifier, speaking) as bob,
        following(room.house, room.alice, identifier, listening) as alice,
    ):
        await bob.command("whisper", identifier, data=cursor)
        heard = await alice.next()
        said = await room.say("after")
        assert messages_in([await bob.next()]) == [said]

    assert heard == {"identifier": identifier, "message": {**cursor, "user_id": room.bob.id}}


async def test_each_hears_it_under_their_own_identifier_and_on_every_worker(
    settings: Settings, room: Room
) -> None:
    identifier, text = identify(room.id), identify(str(room.id))

    async with (
        serve(settings) as other,
        following(room.house, room.bob, identifier, EXT) as bob,
        following(other, room.alice, text, EXT) as alice,
        following(other, room.bob, identifier, EXT) as bobs_laptop,
    ):
        await bob.command("whisper", identifier, data={"event": "wave"})
        frames = [await cable.next() for cable in (alice, bobs_laptop)]

    assert [frame["identifier"] for frame in frames] == [text, identifier]
    assert all(frame["message"]["user_id"] == room.bob.id for frame in frames)


async def test_nobody_whispers_in_anothers_name(room: Room) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, EXT) as bob,
        following(room.house, room.alice, identifier, EXT) as alice,
    ):
        await bob.command("whisper", identifier, data={"user_id": room.alice.id, "event": "wave"})
        assert (await alice.next())["message"] == {"user_id": room.bob.id, "event": "wave"}


@pytest.mark.parametrize("reserved", ["type", "message"])
async def test_a_whisper_cannot_pass_for_an_event_of_the_server(room: Room, reserved: str) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, EXT) as bob,
        following(room.house, room.alice, identifier) as alice,
    ):
        await bob.command("whisper", identifier, data={reserved: "typing", "event": "wave"})
        assert (await bob.next())["message"]["code"] == f"{reserved}_reserved"
        said = await room.say("after")
        assert messages_in([await alice.next()]) == [said]


async def test_the_native_socket_hears_it_with_its_data_apart(room: Room) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, EXT) as bob,
        room.cable(room.alice) as alice,
    ):
        await alice.next_of("welcome")
        await bob.command("whisper", identifier, data={"event": "wave"})
        assert await alice.next() == {
            "type": "whisper",
            "conversation_id": room.id,
            "user_id": room.bob.id,
            "data": {"event": "wave"},
        }


async def test_only_who_has_subscribed_may_whisper(room: Room) -> None:
    carol = await room.house.person("carol")
    identifier = identify(room.id)

    async with (
        following(room.house, room.alice, identifier, EXT) as alice,
        following(room.house, room.bob, identifier, EXT) as bob,
        welcomed(room.house, carol, EXT) as outsider,
    ):
        await outsider.command("subscribe", identifier)
        await outsider.command("whisper", identifier, data={"event": "boo"})
        assert [f["type"] for f in await outsider.meanwhile()] == ["reject_subscription"]
        await bob.command("unsubscribe", identifier)
        await bob.command("whisper", identifier, data={"event": "boo"})
        await bob.meanwhile()
        said = await room.say("after")
        assert messages_in([await alice.next()]) == [said]


async def test_a_whisper_that_will_not_do_is_an_error_of_its_sender(room: Room) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, EXT) as bob,
        following(room.house, room.alice, identifier, EXT) as alice,
    ):
        for data in (None, 5, "wave", '{"event":"wave"}', [1], {"text": "x" * 4096}):
            await bob.command("whisper", identifier, data=data)
            answer = await bob.next()
            assert answer["identifier"] == identifier
            assert (answer["message"]["type"], answer["message"]["status"]) == ("error", 422)
        await bob.command("whisper", identifier, data={"text": "x" * 4000})
        assert len((await alice.next())["message"]["text"]) == 4000


async def test_whispering_on_and_on_is_bounded(settings: Settings, room: Room) -> None:
    strict = settings.model_copy(update={"whisper_rate": "2/minute", "rate_limits": True})
    identifier = identify(room.id)

    async with (
        serve(strict) as house,
        following(house, room.bob, identifier, EXT) as bob,
        following(house, room.alice, identifier, EXT) as alice,
    ):
        for n in range(5):
            await bob.command("whisper", identifier, data={"n": n})
        await bob.meanwhile()
        said = await room.say("after")
        assert [(await alice.next())["message"].get("n") for _ in range(2)] == [0, 1]
        assert messages_in([await alice.next()]) == [said]


async def test_a_whisper_is_not_kept(room: Room) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, EXT) as bob,
        following(room.house, room.alice, identifier, EXT) as alice,
    ):
        await room.say("before")
        seen = await alice.next()
        await bob.command("whisper", identifier, data={"event": "wave"})
        await alice.next()
        assert [f["type"] for f in await alice.history(identifier, seen)] == ["confirm_history"]
