"""One conversation as Server-Sent Events."""

import pytest
from sqlalchemy import text

from app.kit.db import announce
from app.kit.events import Event, to_json
from app.kit.settings import Settings
from app.messages.events import topic_of
from tests.answers import refusal
from tests.conftest import serve
from tests.realtime.feed.streams import (
    Listening,
    Stream,
    everything_is_released,
    open_stream,
    somebody_listens,
)


async def hear(stream: Stream, count: int) -> list[str]:
    return [(await stream.data_of("message.created"))["message"]["body"] for _ in range(count)]


async def test_the_welcome_comes_first_and_says_where_it_begins(listening: Listening) -> None:
    said = await listening.room.say("before")

    async with listening.stream(listening.room.bob) as stream:
        welcome = await stream.next()

    assert welcome.event == "welcome"
    assert welcome.data is not None
    assert welcome.data == {
        "type": "welcome",
        "conversation_id": listening.room.id,
        "seq": said["seq"],
        "epoch": welcome.data["epoch"],
        "cursor": f"{welcome.data['epoch']}.{said['seq']}",
        "heartbeat_seconds": 15,
    }
    assert welcome.id == welcome.data["cursor"]


async def test_its_headers_keep_it_flowing(listening: Listening) -> None:
    async with listening.stream(listening.room.bob) as stream:
        headers = stream.answer.headers

    assert headers["content-type"] == "text/event-stream; charset=utf-8"
    assert headers["cache-control"] == "no-store, no-transform"
    assert headers["x-accel-buffering"] == "no"
    assert headers["vary"] == "Accept, Cookie, Authorization"
    assert headers["x-request-id"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "content-length" not in headers


async def test_an_event_is_the_same_as_on_the_socket(listening: Listening) -> None:
    room = listening.room
    async with room.cable(room.bob) as cable, listening.stream(room.bob) as stream:
        epoch = (await cable.next_of("welcome"))["epoch"]
        await stream.next_of("welcome")
        said = await room.say("Zoë says\nhi\u2028 👋")
        event, frame = await stream.next(), await cable.next()

    assert event.event == "message.created"
    assert event.id == f"{epoch}.{said['seq']}"
    assert event.data == frame
    assert frame["message"] == said


async def test_typing_has_no_id(listening: Listening) -> None:
    room = listening.room
    async with room.cable(room.alice) as alice, listening.stream(room.bob) as stream:
        await alice.next_of("welcome")
        await stream.next_of("welcome")
        await alice.say(type="typing")
        typing = await stream.next()
        said = await room.say("done typing")
        after = await stream.next()

    assert (typing.event, typing.id) == ("typing", None)
    assert typing.data is not None
    assert typing.data["user_id"] == room.alice.id
    assert after.data is not None
    assert after.data["message"] == said
    assert after.id


async def test_it_resumes_by_its_last_id(listening: Listening) -> None:
    room = listening.room
    async with listening.stream(room.bob) as stream:
        await stream.next_of("welcome")
        await room.say("one")
        await stream.next_of("message.created")
    for body in ("two", "three"):
        await room.say(body)

    async with listening.stream(room.bob, last_event_id=stream.last_id or "") as again:
        welcome = await again.next()
        assert welcome.id == stream.last_id
        assert welcome.data is not None
        assert welcome.data["seq"] == 3
        assert await hear(again, 2) == ["two", "three"]
        await room.say("four")
        assert await hear(again, 1) == ["four"]


async def test_a_drop_after_the_welcome_loses_nothing(listening: Listening) -> None:
    """The head is in the welcome's data; its id is the place from which the stream goes on."""
    room = listening.room
    async with listening.stream(room.bob) as first:
        await first.next_of("welcome")
    await room.say("while nobody listened")
    async with listening.stream(room.bob, last_event_id=first.last_id or "") as second:
        await second.next_of("welcome")

    async with listening.stream(room.bob, last_event_id=second.last_id or "") as third:
        assert await hear(third, 1) == ["while nobody listened"]


async def test_the_last_id_wins_over_since(listening: Listening) -> None:
    room = listening.room
    for body in ("one", "two", "three"):
        await room.say(body)

    async with listening.stream(room.bob, since=0, last_event_id="2") as stream:
        assert await hear(stream, 1) == ["three"]
    async with listening.stream(room.bob, since=1) as stream:
        assert await hear(stream, 2) == ["two", "three"]


async def test_a_bare_seq_may_name_its_epoch(listening: Listening) -> None:
    room = listening.room
    await room.say("one")
    path = f"{listening.path}?since=0&epoch="

    async with open_stream(room.house, room.bob, path + "0ddba11") as stream:
        assert (await stream.next()).id is None
        assert (await stream.data_of("resync_required"))["seq"] == 1
    async with listening.stream(room.bob) as stream:
        epoch = (await stream.data_of("welcome"))["epoch"]
    async with open_stream(room.house, room.bob, path + epoch) as stream:
        assert await hear(stream, 1) == ["one"]


@pytest.mark.parametrize("since", ["99", "0ddba11.1", "garbage", "-1", "", "1.5.2"])
async def test_a_cursor_that_cannot_be_served_says_so_and_goes_on(
    listening: Listening, since: str
) -> None:
    room = listening.room
    said = await room.say("one")

    async with listening.stream(room.bob, since=since) as stream:
        welcome = await stream.data_of("welcome")
        resync = await stream.next()
        assert resync.event == "resync_required"
        assert resync.id == welcome["cursor"]
        assert resync.data == {
            "type": "resync_required",
            "conversation_id": room.id,
            "seq": said["seq"],
            "epoch": welcome["epoch"],
            "cursor": welcome["cursor"],
        }
        await room.say("two")
        assert await hear(stream, 1) == ["two"]


async def test_what_was_pruned_is_said(listening: Listening) -> None:
    room = listening.room
    for body in ("one", "two", "three"):
        await room.say(body)
    async with room.house.session() as session:
        await session.execute(text("DELETE FROM events WHERE seq <= 2 AND topic LIKE 'conv%'"))

    async with listening.stream(room.bob, since=1) as stream:
        assert (await stream.data_of("resync_required"))["seq"] == 3


async def test_silence_is_filled_with_comments(settings: Settings, listening: Listening) -> None:
    room = listening.room
    quick = settings.model_copy(update={"stream_comment_seconds": 0.05})
    async with serve(quick) as house, open_stream(house, room.bob, listening.path) as stream:
        assert (await stream.next()).event == "welcome"
        assert (await stream.next()).comment == ""
        assert (await stream.next()).comment == ""
        await room.say("after a silence")
        assert await hear(stream, 1) == ["after a silence"]


async def test_a_long_absence_is_caught_up_with(settings: Settings, listening: Listening) -> None:
    """More events than are read at once, and more bytes than an outbox holds."""
    room = listening.room
    small = settings.model_copy(update={"outbox_max_bytes": 100_000})
    async with room.house.session() as session:
        for n in range(1_200):
            data = to_json({"n": n, "filling": "x" * 1_000})
            announce(session, Event(topic_of(room.id), "message.created", data))

    async with (
        serve(small) as house,
        open_stream(house, room.bob, listening.path + "?since=0") as stream,
    ):
        await stream.next_of("welcome")
        seqs = [(await stream.data_of("message.created"))["seq"] for _ in range(1_200)]

    assert seqs == list(range(1, 1_201))


async def test_who_may_not_come_in_gets_an_ordinary_answer(listening: Listening) -> None:
    room = listening.room
    carol = await room.house.person("carol")
    accept = {"Accept": "text/event-stream"}

    for client, path, answer in (
        (room.house.client(), listening.path, (401, "unauthenticated")),
        (carol.client, listening.path, (404, "not_found")),
        (room.bob.client, "/conversations/999/events", (404, "not_found")),
        (room.house.client(), "/conversations/999/events?wait=x", (401, "unauthenticated")),
        (room.house.client(), "/events", (401, "unauthenticated")),
    ):
        assert refusal(await client.get(path, headers=accept)) == answer


async def test_one_stream_too_many_is_told_so_before_it_begins(
    settings: Settings, listening: Listening
) -> None:
    room = listening.room
    strict = settings.model_copy(update={"connections_per_user_max": 1})
    async with serve(strict) as house:
        async with open_stream(house, room.bob, listening.path) as stream:
            await stream.next_of("welcome")
            async with open_stream(house, room.bob, "/events") as refused:
                assert refusal(refused.answer) == (429, "too_many_connections")
                assert int(refused.answer.headers["retry-after"]) > 0
        await everything_is_released(house)
        async with open_stream(house, room.bob, "/events") as stream:
            await stream.next_of("welcome")


async def test_a_client_that_leaves_is_forgotten(listening: Listening) -> None:
    for path in (listening.path, "/events"):
        async with open_stream(listening.room.house, listening.room.bob, path) as stream:
            await stream.next_of("welcome")
            await somebody_listens(listening.room.house)
        await everything_is_released(listening.room.house)


async def test_a_stream_holds_no_connection_to_postgres(
    settings: Settings, listening: Listening
) -> None:
    room = listening.room
    one = settings.model_copy(update={"database_pool_size": 1, "database_pool_timeout_seconds": 1})
    async with (
        serve(one) as house,
        open_stream(house, room.bob, listening.path) as conversation,
        open_stream(house, room.bob, "/events") as everything,
    ):
        for stream in (conversation, everything):
            await stream.next_of("welcome")
        answer = await room.alice.client.get(f"{house.base_url}/users/me")
        assert answer.status_code == 200
