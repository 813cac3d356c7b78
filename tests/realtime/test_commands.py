"""What a client may say over the native socket."""

import pytest
from sqlalchemy import text

from app.kit.settings import Settings
from tests.conftest import serve
from tests.realtime.sockets import Room, open_cable


async def test_a_message_is_created_as_over_http(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        reply = await cable.ask(type="message.create", body="Hello", client_id="c1")
        history = (await room.alice.client.get(room.path)).json()["messages"]

    assert reply["status"] == 201
    assert reply["body"]["user_id"] == room.bob.id
    assert history == [reply["body"]]


async def test_a_message_may_have_attachments(room: Room) -> None:
    file = (await room.bob.client.post("/attachments?name=x.txt", content=b"x")).json()

    async with room.cable(room.bob) as cable:
        stolen = await cable.ask(type="message.create", attachment_ids=[file["id"] + 1])
        reply = await cable.ask(type="message.create", attachment_ids=[file["id"]])

    assert (stolen["status"], stolen["body"]["code"]) == (422, "attachment_ids_unknown")
    assert (reply["status"], reply["body"]["attachments"]) == (201, [file])


async def test_ones_own_event_comes_too(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        await cable.say(type="message.create", body="Hello")
        event = await cable.next()

    assert event["type"] == "message.created"
    assert event["message"]["body"] == "Hello"


async def test_a_copy_is_answered_with_the_first_message(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        first = await cable.ask(type="message.create", body="Once", client_id="c1")
        copy = await cable.ask(type="message.create", body="Once", client_id="c1")
        other = await cable.ask(type="message.create", body="Twice", client_id="c1")

    assert (copy["status"], copy["body"]) == (200, first["body"])
    assert (other["status"], other["body"]["code"]) == (409, "idempotency_key_reuse")


async def test_an_error_is_the_one_that_http_gives(room: Room) -> None:
    over_http = (await room.bob.client.post(room.path, json={"body": " "})).json()

    async with room.cable(room.bob) as cable:
        reply = await cable.ask(type="message.create", body=" ")

    assert reply["status"] == 422
    assert reply["body"] | {"request_id": None} == over_http | {"request_id": None}


async def test_without_a_ref_success_is_silent_and_failure_is_not(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        await cable.say(type="read", seq=0)
        await cable.say(type="read", seq="far")
        reply = await cable.next()

    assert (reply["ref"], reply["status"]) == (None, 422)
    assert reply["body"]["code"] == "seq_not_an_integer"


async def test_reading_only_goes_forward_and_never_past_the_present(room: Room) -> None:
    for n in range(3):
        await room.say(f"message {n}")

    async with room.cable(room.bob) as cable:
        marks = [
            (await cable.ask(type="read", seq=seq))["body"]["last_read_seq"] for seq in (2, 1, 99)
        ]

    assert marks == [2, 2, 4], "three messages, and that the first two were read"


async def test_a_mark_may_be_set_back_and_what_was_delivered_be_said(room: Room) -> None:
    await room.say("one")
    await room.say("two")

    async with room.cable(room.bob) as cable:
        delivered = await cable.ask(type="delivered", seq=2)
        read = await cable.ask(type="read", seq=2)
        unread = await cable.ask(type="unread", seq=2)

    bodies = [one["body"] for one in (delivered, read, unread)]
    assert [(one["last_read_seq"], one["unread_count"]) for one in bodies] == [
        *((0, 2), (2, 0), (1, 1)),
    ]


async def test_a_mark_that_asks_for_no_reply_is_written_and_not_answered(room: Room) -> None:
    await room.say("one")

    async with room.cable(room.bob) as cable, room.cable(room.alice) as alice:
        await alice.next_of("welcome")
        await cable.next_of("welcome")
        await cable.say(type="read", seq=1)
        heard = await alice.next_of("receipts.updated")
        assert await cable.next_of("receipts.updated") == heard
        await cable.say(type="ping")
        assert (await cable.next())["type"] == "pong"

    (receipt,) = heard["receipts"]
    assert (receipt["user_id"], receipt["read_seq"]) == (room.bob.id, 1)


async def test_typing_is_shown_to_the_others_only(room: Room) -> None:
    async with room.cable(room.bob) as bob, room.cable(room.alice) as alice:
        await bob.next_of("welcome")
        await alice.next_of("welcome")
        reply = await bob.ask(type="typing")
        heard = await alice.next()
        await room.say("after")
        next_for_bob = await bob.next()

    assert (reply["status"], reply["body"]) == (204, None)
    assert heard["type"] == "typing"
    assert (heard["conversation_id"], heard["user_id"]) == (room.id, room.bob.id)
    assert next_for_bob["type"] == "message.created"


async def test_typing_on_and_on_is_said_once(room: Room) -> None:
    async with room.cable(room.bob) as bob, room.cable(room.alice) as alice:
        await alice.next_of("welcome")
        for _ in range(5):
            assert (await bob.ask(type="typing"))["status"] == 204
        await room.say("after")
        heard = [(await alice.next())["type"] for _ in range(2)]

    assert heard == ["typing", "message.created"]


async def test_a_ping_is_answered(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        await cable.say(type="ping")
        assert await cable.next() == {"type": "pong"}
        await cable.say(type="ping", ref="p1")
        assert await cable.next() == {"type": "pong", "ref": "p1"}


async def test_commands_run_in_order(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        for n in range(30):
            await cable.say(type="message.create", ref=str(n), body=f"message {n}")
        replies = [await cable.next_of("reply") for _ in range(30)]

    assert [reply["ref"] for reply in replies] == [str(n) for n in range(30)]
    seqs = [reply["body"]["seq"] for reply in replies]
    assert seqs == list(range(1, 31))


UNREADABLE = [
    "",
    "null",
    "[]",
    "5",
    '"text"',
    "{",
    "{}",
    '{"type": null}',
    '{"type": "message.destroy", "ref": "r"}',
    '{"type": ["ping"]}',
    '{"type": "ping", "ref": NaN}',
    '{"type": "\\ud800"}',
    "[" * 5_000,
]


@pytest.mark.parametrize("text", UNREADABLE, ids=range(len(UNREADABLE)))
async def test_what_cannot_be_read_is_answered_with_an_error(room: Room, text: str) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        await cable.socket.send(text)
        reply = await cable.next()
        assert reply["type"] == "reply"
        assert reply["status"] == 422
        assert reply["ref"] in (None, "r")
        assert reply["body"]["errors"]
        assert (await cable.ask(type="read", seq=0))["status"] == 200


BAD_VALUES = ["\\u0000", "\\ud800", "x" * 10_001, " "]


@pytest.mark.parametrize("body", BAD_VALUES, ids=range(len(BAD_VALUES)))
async def test_a_value_that_cannot_be_stored_is_an_error_and_nothing_more(
    room: Room, body: str
) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        await cable.socket.send('{"type": "message.create", "ref": "r", "body": "%s"}' % body)
        assert (await cable.next())["status"] == 422
        assert (await cable.ask(type="message.create", body="fine"))["status"] == 201


async def test_whoever_goes_on_unreadably_is_shown_out(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        for _ in range(11):
            await cable.socket.send("what?")
        assert await cable.goodbye() == (4400, "malformed")


async def test_a_binary_frame_is_not_for_us(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        await cable.socket.send(b"{}")
        assert await cable.goodbye() == (1003, "text_only")


async def test_a_frame_may_hold_the_longest_message_and_not_much_more(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        escaped = "\\ud83d\\ude00" * 10_000
        await cable.socket.send('{"type": "message.create", "ref": "r", "body": "%s"}' % escaped)
        assert (await cable.next_of("reply"))["status"] == 201
        await cable.socket.send("x" * (128 * 1024 + 1))
        assert (await cable.goodbye())[0] == 1009


async def test_too_much_at_once_ends_it(room: Room) -> None:
    async with room.cable(room.bob) as cable:
        for _ in range(61):
            await cable.say(type="ping")
        assert await cable.goodbye() == (4429, "too_many")


async def test_a_command_needs_the_membership_of_that_moment(
    settings: Settings, room: Room
) -> None:
    async with room.cable(room.bob) as cable:
        await cable.next_of("welcome")
        async with room.house.session() as session:
            leave = text("DELETE FROM participants WHERE user_id = :id")
            await session.execute(leave, {"id": room.bob.id})
        await cable.say(type="message.create", ref="r", body="Am I still in?")
        heard = await cable.next()

    assert (heard["type"], heard["status"]) == ("reply", 404)
    assert (await room.alice.client.get(room.path)).json()["messages"] == []


async def test_a_command_while_the_database_is_away_says_so(settings: Settings, room: Room) -> None:
    crowded = settings.model_copy(
        update={"database_pool_size": 1, "database_pool_timeout_seconds": 0.05}
    )
    async with serve(crowded) as house, open_cable(house, room.bob, room.id) as cable:
        await cable.next_of("welcome")
        async with house.session() as session:
            await session.execute(text("SELECT 1"))
            busy = await cable.ask(type="message.create", body="Hello", client_id="c")
        retried = await cable.ask(type="message.create", body="Hello", client_id="c")

    assert (busy["status"], busy["body"]["code"]) == (503, "unavailable")
    assert retried["status"] == 201
