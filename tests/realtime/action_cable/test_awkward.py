"""Whatever a client may send that makes no sense: the connection stays usable, for a while."""

import json

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

MISTAKES = [
    "",
    " ",
    "nonsense",
    "null",
    "true",
    "0",
    '"subscribe"',
    "[]",
    '[{"command":"subscribe"}]',
    "{}",
    '{"command":null}',
    '{"command":5}',
    '{"command":["subscribe"]}',
    '{"command":"explode"}',
    '{"command":"subscribe"}',
    '{"command":"subscribe","identifier":null}',
    '{"command":"subscribe","identifier":5}',
    '{"command":"subscribe","identifier":{"channel":"ConversationsChannel","conversation_id":1}}',
    '{"command":"subscribe","identifier":"\\ud800"}',
    '{"command":"unsubscribe"}',
    '{"command":"unsubscribe","identifier":[]}',
    '{"command":"message","data":"{}"}',
    '{"command":"message","identifier":[],"data":"{}"}',
    '{"command":"whisper"}',
    '{"identifier":"{}"}',
    '{"type":"welcome"}',
    "{" * 500,
    "[" * 5000,
    "9" * 5000,
    '{"command":"subscribe","identifier":"\0"',
]


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_a_frame_that_makes_no_sense_is_ignored(room: Room, protocol: str) -> None:
    for text in MISTAKES:
        async with following(room.house, room.bob, identify(room.id), protocol) as cable:
            await cable.socket.send(text)
            assert await cable.meanwhile() == [], text
            said = await room.say("Hello")
            assert messages_in([await cable.next()]) == [said], text


@pytest.mark.parametrize("protocol", [V1, EXT])
async def test_a_binary_frame_is_ignored(room: Room, protocol: str) -> None:
    async with welcomed(room.house, room.bob, protocol) as cable:
        command = {"command": "subscribe", "identifier": identify(room.id)}
        await cable.socket.send(json.dumps(command).encode())
        assert await cable.meanwhile() == []
        await cable.follow(identify(room.id))


NO_ACTIONS = [
    {"action": "speak", "body": "Hello"},
    None,
    5,
    ["speak"],
    "",
    "nonsense",
    "null",
    "[]",
    '"speak"',
    "{}",
    '{"body":"Hello"}',
    *[
        json.dumps({"action": action, "body": "Hello"})
        for action in (None, 5, "", "explode", "receive", "subscribed", "unsubscribed")
    ],
    *[
        json.dumps({"action": action, "body": "Hello"})
        for action in ("__init__", "_speak", "Speak", ["speak"], {"speak": 1})
    ],
]


async def test_a_message_that_names_no_action_is_ignored(room: Room) -> None:
    identifier = identify(room.id)

    for data in NO_ACTIONS:
        async with following(room.house, room.bob, identifier) as cable:
            await cable.command("message", identifier, data=data)
            assert await cable.meanwhile() == [], data

    assert (await room.alice.client.get(room.path)).json()["messages"] == []


async def test_who_is_not_subscribed_cannot_act(room: Room) -> None:
    carol = await room.house.person("carol")
    identifier = identify(room.id)

    async with welcomed(room.house, carol) as cable:
        await cable.perform(identifier, "speak", body="never subscribed")
        await cable.command("subscribe", identifier)
        await cable.perform(identifier, "speak", body="rejected")
        frames = await cable.meanwhile()

    assert [frame["type"] for frame in frames] == ["reject_subscription"]
    assert (await room.alice.client.get(room.path)).json()["messages"] == []


async def test_unsubscribing_what_is_not_there_is_ignored(room: Room) -> None:
    async with welcomed(room.house, room.bob) as cable:
        for identifier in (identify(room.id), "nonsense", ""):
            await cable.command("unsubscribe", identifier)
        assert await cable.meanwhile() == []


async def test_the_base_protocol_does_not_know_the_commands_of_the_extended_one(
    room: Room,
) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier) as cable:
        for command in ("history", "pong", "ping", "join", "leave", "presence"):
            await cable.command(command, identifier, history={"since": 0}, presence={}, data={})
            assert await cable.meanwhile() == [], command


async def test_the_base_protocol_knows_no_history_in_a_subscribe(room: Room) -> None:
    await room.say("before")

    async with welcomed(room.house, room.bob) as cable:
        await cable.follow(identify(room.id), history={"since": 0}, presence={"id": "1"})
        assert await cable.meanwhile() == []


async def test_who_goes_on_making_mistakes_is_sent_away_for_good(
    settings: Settings, room: Room
) -> None:
    strict = settings.model_copy(update={"socket_mistakes_max": 3})

    async with serve(strict) as house, welcomed(house, room.bob) as cable:
        for _ in range(4):
            await cable.socket.send("nonsense")
        frame, _ = await cable.farewell()

    assert frame == {"type": "disconnect", "reason": "invalid_request", "reconnect": False}


async def test_who_says_too_much_may_come_back(settings: Settings, room: Room) -> None:
    strict = settings.model_copy(update={"socket_messages_max": 5})

    async with serve(strict) as house, welcomed(house, room.bob) as cable:
        for _ in range(6):
            await cable.command("unsubscribe", identify(room.id))
        frame, _ = await cable.farewell()

    assert frame == {"type": "disconnect", "reason": "too_many", "reconnect": True}


async def test_a_frame_that_is_too_large_closes(settings: Settings, room: Room) -> None:
    identifier = identify(room.id)

    async with following(room.house, room.bob, identifier) as cable:
        await cable.perform(identifier, "speak", body="\U0001f600" * 10_000)
        assert len((await cable.next())["message"]["message"]["body"]) == 10_000
        await cable.socket.send(" " * settings.frame_max_bytes + "{}")
        code, _ = await cable.goodbye()

    assert code == 1009
