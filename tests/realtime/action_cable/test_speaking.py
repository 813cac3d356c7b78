"""What a client may do: speak, type, read. The same as over HTTP, and its errors."""

import pytest

from tests.realtime.action_cable.sockets import (
    EXT,
    V1,
    Frame,
    following,
    identify,
    messages_in,
    welcomed,
)
from tests.realtime.sockets import Room


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_who_speaks_is_heard_by_all_and_hears_it_too(room: Room, protocol: str) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, protocol) as bob,
        following(room.house, room.alice, identifier) as alice,
    ):
        await bob.perform(identifier, "speak", body="Hello", client_id="c1")
        heard = [messages_in([await cable.next()]) for cable in (bob, alice)]
        history = (await room.alice.client.get(room.path)).json()["messages"]

    assert heard == [history, history]
    assert (history[0]["user_id"], history[0]["body"]) == (room.bob.id, "Hello")
    assert history[0]["client_id"] == "c1"


async def test_the_place_of_the_action_does_not_matter(room: Room) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier) as cable:
        for data in ('{"action":"speak","body":"a"}', '{"body":"b","action":"speak"}'):
            await cable.command("message", identifier, data=data)
        bodies = [message["body"] for message in messages_in(await cable.take(2))]

    assert bodies == ["a", "b"]


async def test_fifty_at_once_are_said_in_order(room: Room) -> None:
    identifier = identify(room.id)
    wanted = [f"message {n}" for n in range(50)]

    async with following(room.house, room.bob, identifier) as cable:
        for body in wanted:
            await cable.perform(identifier, "speak", body=body)
        heard = [message["body"] for message in messages_in(await cable.take(50))]

    assert heard == wanted


async def test_the_same_client_id_again_makes_no_second_message(room: Room) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier) as cable:
        for _ in range(3):
            await cable.perform(identifier, "speak", body="Once", client_id="c1")
        await cable.perform(identifier, "speak", body="after")
        bodies = [m["body"] for m in messages_in([await cable.next_of(None)])]
        while "after" not in bodies:
            frame = await cable.next_of(None)
            if "message" in frame["message"]:
                bodies += [m["body"] for m in messages_in([frame])]
        history = (await room.alice.client.get(room.path)).json()["messages"]

    assert bodies == [message["body"] for message in history] == ["Once", "after"]


@pytest.mark.parametrize(
    ("said", "code", "status"),
    [
        ({}, None, 422),
        ({"body": " "}, "body_blank", 422),
        ({"body": 5}, None, 422),
        ({"body": "x" * 10_001}, "body_too_long", 422),
        ({"body": "Twice", "client_id": "c1"}, "idempotency_key_reuse", 409),
    ],
)
async def test_a_failed_action_answers_its_sender_alone(
    room: Room, said: Frame, code: str | None, status: int
) -> None:
    identifier = identify(room.id)
    over_http = await room.bob.client.post(room.path, json={"body": "Once", "client_id": "c1"})
    assert over_http.status_code == 201
    over_http = await room.bob.client.post(room.path, json=said)
    assert over_http.status_code == status

    async with (
        following(room.house, room.bob, identifier) as bob,
        following(room.house, room.alice, identifier) as alice,
    ):
        await bob.perform(identifier, "speak", ref="r1", **said)
        frame = await bob.next()
        told = await room.say("after")
        assert messages_in([await alice.next()]) == [told]

    assert set(frame) == {"identifier", "message"}
    assert frame["identifier"] == identifier
    answer = frame["message"]
    assert (answer["type"], answer["ref"], answer["status"]) == ("error", "r1", status)
    assert answer["code"] == over_http.json()["code"]
    if code is not None:
        assert answer["code"] == code
    for field in ("error", "errors"):
        assert answer.get(field) == over_http.json().get(field)


@pytest.mark.parametrize(
    ("names", "ref"),
    [
        ({"ref": "r1", "client_id": "c1"}, "r1"),
        ({"client_id": "c1"}, "c1"),
        ({}, None),
        ({"ref": 5}, None),
    ],
)
async def test_an_error_names_what_it_answers(room: Room, names: Frame, ref: str | None) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier) as cable:
        await cable.perform(identifier, "speak", body=" ", **names)
        assert (await cable.next())["message"]["ref"] == ref


async def test_an_error_in_the_extended_protocol_has_no_position(room: Room) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier, EXT) as cable:
        await cable.perform(identifier, "speak", body=" ")
        assert set(await cable.next()) == {"identifier", "message"}


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_typing_is_shown_to_the_others_only(room: Room, protocol: str) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier, protocol) as bob,
        following(room.house, room.alice, identifier, protocol) as alice,
    ):
        await bob.perform(identifier, "typing")
        shown = await alice.next()
        said = await room.say("after")
        assert messages_in([await bob.next()]) == [said]

    assert set(shown) == {"identifier", "message"}
    assert shown["identifier"] == identifier
    assert (shown["message"]["type"], shown["message"]["user_id"]) == ("typing", room.bob.id)


async def test_ones_own_typing_is_shown_to_ones_other_devices(room: Room) -> None:
    identifier = identify(room.id)

    async with (
        following(room.house, room.bob, identifier) as phone,
        following(room.house, room.bob, identifier) as laptop,
    ):
        await phone.perform(identifier, "typing")
        assert (await laptop.next())["message"]["type"] == "typing"


async def test_reading_moves_the_mark(room: Room) -> None:
    for n in range(3):
        await room.say(f"message {n}")
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier) as cable:
        await cable.perform(identifier, "read", seq=2)
        await cable.meanwhile()
    async with room.cable(room.bob) as native:
        mark = await native.ask(type="read", seq=0)

    assert mark["body"]["last_read_seq"] == 2


@pytest.mark.parametrize("seq", ["far", -1, None, True, 2**70])
async def test_a_mark_that_is_no_place_is_an_error(room: Room, seq: object) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier) as cable:
        await cable.perform(identifier, "read", seq=seq, ref="r1")
        answer = (await cable.next())["message"]

    assert (answer["type"], answer["ref"], answer["status"]) == ("error", "r1", 422)
    assert answer["code"].startswith("seq_")


async def test_every_message_inside_a_data_frame_is_an_object(room: Room) -> None:
    """Clients drop what is not truthy."""
    identifier = identify(room.id)

    async with welcomed(room.house, room.bob) as cable:
        await cable.follow(identifier)
        await cable.perform(identifier, "speak", body="Hello")
        await cable.perform(identifier, "speak", body="")
        frames = await cable.take(2)

    assert all(isinstance(f["message"], dict) and f["message"] for f in frames)
