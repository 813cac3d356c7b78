"""One conversation by requests that wait."""

import asyncio

import pytest
from sqlalchemy import text

from app.kit.db import announce
from app.kit.events import Event
from app.kit.settings import Settings
from app.messages.events import topic_of
from tests.answers import read_error, refusal
from tests.conftest import serve
from tests.realtime.feed.streams import (
    Listening,
    everything_is_released,
    plain_client,
    poll,
    somebody_listens,
)
from tests.realtime.sockets import Room

LONG = 60


def bodies(answer: dict) -> list[str]:  # type: ignore[type-arg]
    return [event["message"]["body"] for event in answer["events"]]


async def test_without_a_place_it_answers_the_head_and_no_events(listening: Listening) -> None:
    said = await listening.room.say("before")

    for query in ({}, {"wait": LONG}):
        answer = await listening.poll(listening.room.bob, **query)
        assert answer["events"] == []
        assert answer["seq"] == said["seq"]
        assert answer["cursor"].endswith(f".{said['seq']}")
        assert "resync_required" not in answer


async def test_without_waiting_it_answers_what_the_log_has(listening: Listening) -> None:
    room = listening.room
    here = await listening.poll(room.bob)
    async with room.cable(room.bob, "?since=0") as cable:
        await cable.next_of("welcome")
        for body in ("one", "two"):
            await room.say(body)
            assert bodies(await listening.poll(room.bob, since=here["cursor"]))[-1] == body
        answer = await listening.poll(room.bob, since=here["cursor"])
        assert answer["events"] == [await cable.next(), await cable.next()]

    assert answer["seq"] == 2
    nothing_new = await listening.poll(room.bob, since=answer["cursor"])
    assert nothing_new == {"events": [], "seq": 2, "cursor": answer["cursor"]}
    assert (await listening.poll(room.bob, since=1))["events"] == answer["events"][1:]


async def test_it_answers_as_soon_as_something_happens(listening: Listening) -> None:
    room = listening.room
    here = await listening.poll(room.bob)

    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(listening.poll(room.bob, since=here["cursor"], wait=LONG))
        await somebody_listens(room.house)
        said = await room.say("now")

    assert [event["message"] for event in waiting.result()["events"]] == [said]
    assert waiting.result()["seq"] == said["seq"]
    await everything_is_released(room.house)


async def test_what_is_there_already_is_not_waited_for(listening: Listening) -> None:
    room = listening.room
    here = await listening.poll(room.bob)
    await room.say("already")

    answer = await listening.poll(room.bob, since=here["cursor"], wait=LONG)

    assert bodies(answer) == ["already"]


async def test_what_happens_at_once_is_answered_together(listening: Listening) -> None:
    room = listening.room
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(listening.poll(room.bob, since=0, wait=LONG))
        await somebody_listens(room.house)
        async with room.house.session() as session:
            for name in ("one", "two", "three"):
                announce(session, Event(topic_of(room.id), name, "{}"))

    assert [event["type"] for event in waiting.result()["events"]] == ["one", "two", "three"]
    assert waiting.result()["seq"] == 3


async def test_typing_is_heard_and_does_not_move_the_cursor(listening: Listening) -> None:
    room = listening.room
    here = await listening.poll(room.bob)
    async with room.cable(room.alice) as alice, asyncio.TaskGroup() as tasks:
        await alice.next_of("welcome")
        waiting = tasks.create_task(listening.poll(room.bob, since=here["cursor"], wait=LONG))
        while len(room.house.state["guard"]._listeners) < 2:
            await asyncio.sleep(0.01)
        await alice.say(type="typing")

    assert [event["type"] for event in waiting.result()["events"]] == ["typing"]
    assert waiting.result()["cursor"] == here["cursor"]


async def test_patience_ends_with_the_same_cursor(listening: Listening) -> None:
    here = await listening.poll(listening.room.bob)

    answer = await listening.poll(listening.room.bob, since=here["cursor"], wait="0.05")

    assert answer == here
    await everything_is_released(listening.room.house)


@pytest.mark.parametrize("wait", ["-1", "61", "60.1", "x", "1e1", "NaN", " 1", "٤"])
async def test_a_wait_out_of_bounds_is_refused(listening: Listening, wait: str) -> None:
    answer = await listening.room.bob.client.get(listening.path, params={"wait": wait})

    assert read_error(answer)["fields"] == {"wait": ["must be a number of seconds from 0 to 60"]}
    assert refusal(answer) == (422, "wait_out_of_range")


@pytest.mark.parametrize("since", ["99", "0ddba11.1", "garbage", "-1", ""])
async def test_a_cursor_that_cannot_be_served_says_so_at_once(
    listening: Listening, since: str
) -> None:
    room = listening.room
    here = await listening.poll(room.bob)

    answer = await listening.poll(room.bob, since=since, wait=LONG)

    assert answer == here | {"resync_required": True}


async def test_what_was_pruned_is_said(listening: Listening) -> None:
    room = listening.room
    for body in ("one", "two", "three"):
        await room.say(body)
    async with room.house.session() as session:
        await session.execute(text("DELETE FROM events WHERE seq <= 2 AND topic LIKE 'conv%'"))

    answer = await listening.poll(room.bob, since=1)
    assert (answer["events"], answer["seq"]) == ([], 3)
    assert answer["resync_required"] is True
    assert bodies(await listening.poll(room.bob, since=2)) == ["three"]


async def announce_many(room: Room, count: int, filling: str = "") -> None:
    async with room.house.session() as session:
        for _ in range(count):
            announce(session, Event(topic_of(room.id), "noise", '{"x":"%s"}' % filling))


async def walk(listening: Listening, cursor: str) -> list[list[int]]:
    pages = []
    while events := (answer := await listening.poll(listening.room.bob, since=cursor))["events"]:
        pages.append([event["seq"] for event in events])
        cursor = answer["cursor"]
    return pages


async def test_at_most_500_events_are_answered_and_the_rest_next_time(
    listening: Listening,
) -> None:
    here = await listening.poll(listening.room.bob)
    await announce_many(listening.room, 1_100)

    pages = await walk(listening, here["cursor"])

    assert [len(page) for page in pages] == [500, 500, 100]
    assert [seq for page in pages for seq in page] == list(range(1, 1_101))


async def test_a_burst_is_no_more_than_an_answer_holds(listening: Listening) -> None:
    here = await listening.poll(listening.room.bob)
    async with asyncio.TaskGroup() as tasks:
        waiting = tasks.create_task(
            listening.poll(listening.room.bob, since=here["cursor"], wait=LONG)
        )
        await somebody_listens(listening.room.house)
        await announce_many(listening.room, 1_100)
    first = [event["seq"] for event in waiting.result()["events"]]

    rest = await walk(listening, waiting.result()["cursor"])

    assert len(first) <= 500
    assert first + [seq for page in rest for seq in page] == list(range(1, 1_101))


async def test_an_answer_is_bounded_in_bytes_too(settings: Settings, listening: Listening) -> None:
    await announce_many(listening.room, 30, "x" * 10_000)
    small = settings.model_copy(update={"outbox_max_bytes": 100_000})
    async with serve(small) as house:
        answer = await listening.room.bob.client.get(f"{house.base_url}{listening.path}?since=0")

    assert 100_000 < len(answer.content) < 120_000
    assert answer.json()["seq"] == len(answer.json()["events"]) == 10


async def test_its_headers_keep_it_out_of_caches(listening: Listening) -> None:
    answer = await listening.room.bob.client.get(listening.path)

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store, no-transform"
    assert answer.headers["vary"] == "Accept, Cookie, Authorization"


async def test_a_waiting_client_that_leaves_is_forgotten(listening: Listening) -> None:
    room = listening.room
    waiting = asyncio.create_task(listening.poll(room.bob, since=0, wait=LONG))
    await somebody_listens(room.house)
    waiting.cancel()
    await everything_is_released(room.house)


async def test_one_who_waits_takes_a_place(settings: Settings, listening: Listening) -> None:
    room = listening.room
    strict = settings.model_copy(update={"connections_per_user_max": 1})
    async with serve(strict) as house, asyncio.TaskGroup() as tasks:
        address = f"{house.base_url}{listening.path}?since=0"
        waiting = tasks.create_task(room.bob.client.get(f"{address}&wait=60"))
        await somebody_listens(house)
        refused = await room.bob.client.get(f"{address}&wait=60")
        assert refusal(refused) == (429, "too_many_connections")
        assert int(refused.headers["retry-after"]) > 0
        assert (await room.bob.client.get(address)).json()["events"] == []
        await room.say("now")
        assert len((await waiting).json()["events"]) == 1


@pytest.mark.parametrize(
    ("accept", "is_stream"),
    [
        ("text/event-stream", True),
        ("Text/Event-Stream; charset=utf-8", True),
        ("text/event-stream, */*", True),
        ("text/*", True),
        ("text/event-stream;q=0.9, application/json;q=0.8", True),
        ("text/event-stream, application/json;q=0.9", True),
        ("application/json;q=0, */*", True),
        ("*/*", False),
        ("", False),
        ("text/html, */*;q=0.1", False),
        ("application/json", False),
        ("application/json, text/event-stream", False),
        ("text/event-stream;q=0.8, application/json;q=0.9", False),
        ("text/event-stream;q=0.1, */*", False),
        ("text/event-stream;q=0, */*", False),
        ("*/*, text/event-stream;q=0.000", False),
        ("image/png", False),
        (";;q=,,", False),
    ],
)
async def test_a_stream_is_for_those_who_prefer_it(
    listening: Listening, accept: str, is_stream: bool
) -> None:
    headers = {"Accept": accept, "Cookie": listening.room.bob.cookie}
    for path in (listening.path, "/events"):
        async with plain_client(listening.room.house).stream(
            "GET", path, headers=headers
        ) as answer:
            kind = answer.headers["content-type"].partition(";")[0]
        assert kind == ("text/event-stream" if is_stream else "application/json")


async def test_other_methods_are_refused(listening: Listening) -> None:
    client = listening.room.bob.client
    for path in (listening.path, "/events"):
        for method in ("HEAD", "POST", "DELETE"):
            answer = await client.request(method, path)
            assert answer.status_code == 405
            assert answer.headers["allow"] == "GET"


async def test_a_page_of_everything_is_bounded_and_exact(listening: Listening) -> None:
    room = listening.room
    here = await poll(room.bob, "/events")
    other = await room.house.conversation(room.bob, await room.house.person("carol"))
    await announce_many(room, 600)
    async with room.house.session() as session:
        for _ in range(600):
            announce(session, Event(topic_of(other.id), "noise", "{}"))

    pages, cursor = [], here["cursor"]
    while events := (answer := await poll(room.bob, "/events", since=cursor))["events"]:
        pages.append(events)
        cursor = answer["cursor"]

    assert [len(page) for page in pages] == [500, 500, 201]
    assert pages[0][0]["type"] == "conversation.created"
    for id in (room.id, other.id):
        heard = [e["seq"] for page in pages for e in page if e.get("conversation_id") == id]
        assert heard == list(range(1, 601))
