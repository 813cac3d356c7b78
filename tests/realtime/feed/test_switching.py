"""One cursor for every transport: whoever changes it, or is dropped, hears everything once."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from typing import Any

import pytest
from sqlalchemy import text

from tests.factories import Person
from tests.realtime.feed.streams import Listening, open_stream, poll
from tests.realtime.sockets import Room

MESSAGES = 60
WRITERS = 3

# Shape: a place -> events, each with the place after it, until whoever listens has had enough.
Transport = Callable[[Room, str], AsyncIterator[tuple[dict[str, Any], str]]]


async def by_socket(room: Room, since: str) -> AsyncIterator[tuple[dict[str, Any], str]]:
    async with room.cable(room.bob, f"?since={since}") as cable:
        epoch = (await cable.next_of("welcome"))["epoch"]
        try:
            while True:
                frame = await cable.next()
                yield frame, f"{epoch}.{frame['seq']}"
        finally:
            cable.socket.transport.abort()  # A drop, with frames that nobody has read.


async def by_stream(room: Room, since: str) -> AsyncIterator[tuple[dict[str, Any], str]]:
    path = f"/conversations/{room.id}/events"
    async with open_stream(room.house, room.bob, path, last_event_id=since) as stream:
        await stream.next_of("welcome")
        while True:
            sent = await stream.next()
            assert sent.data
            assert sent.id
            yield sent.data, sent.id


async def by_waiting(room: Room, since: str) -> AsyncIterator[tuple[dict[str, Any], str]]:
    path = f"/conversations/{room.id}/events"
    while True:
        answer = await poll(room.bob, path, since=since, wait=30)
        since = answer["cursor"]
        epoch = since.partition(".")[0]
        for event in answer["events"]:
            yield event, f"{epoch}.{event['seq']}"


async def by_asking(room: Room, since: str) -> AsyncIterator[tuple[dict[str, Any], str]]:
    """A plain GET, and again."""
    path = f"/conversations/{room.id}/events"
    while True:
        answer = await poll(room.bob, path, since=since)
        for event in answer["events"]:
            since = f"{answer['cursor'].partition('.')[0]}.{event['seq']}"
            yield event, since


async def write(room: Room, say: Callable[[int], Awaitable[object]]) -> None:
    """Several at once, each as fast as it can."""

    async def one(first: int) -> None:
        for n in range(first, MESSAGES, WRITERS):
            await say(n)

    async with asyncio.TaskGroup() as tasks:
        for first in range(WRITERS):
            tasks.create_task(one(first))


@pytest.mark.parametrize("seed", range(3))
async def test_who_changes_transport_in_mid_stream_hears_everything_once(
    room: Room, seed: int
) -> None:
    dice = random.Random(seed)
    transports: list[Transport] = [by_socket, by_stream, by_waiting, by_asking]
    cursor = (await poll(room.bob, f"/conversations/{room.id}/events"))["cursor"]
    heard: list[dict[str, Any]] = []
    used = set()

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(write(room, lambda n: room.say(f"message {n}")))
        while len(heard) < MESSAGES:
            transport = dice.choice(transports)
            used.add(transport)
            enough = len(heard) + dice.randint(1, 6)
            async with aclosing(transport(room, cursor)) as events:  # type: ignore[type-var]
                async for event, after in events:
                    heard.append(event)
                    cursor = after
                    if len(heard) >= min(enough, MESSAGES):
                        break

    assert [event["seq"] for event in heard] == list(range(1, MESSAGES + 1))
    assert {event["message"]["body"] for event in heard} == {
        f"message {n}" for n in range(MESSAGES)
    }
    assert len(used) > 2


class Wanderer:
    """Follows everything that concerns Bob, and is dropped after every few events."""

    def __init__(self, room: Room, dice: random.Random, cursor: str) -> None:
        self.room, self.dice, self.cursor = room, dice, cursor
        self.heard: list[dict[str, Any]] = []

    async def until_it_has(self, count: int) -> None:
        while len(self.heard) < count:
            enough = min(count, len(self.heard) + self.dice.randint(0, 7))
            await self.dice.choice([self.by_stream, self.by_page])(enough)

    async def by_stream(self, enough: int) -> None:
        """Dropped at any event, also with some behind it on the way."""
        room = self.room
        async with open_stream(
            room.house, room.bob, "/events", last_event_id=self.cursor
        ) as stream:
            welcome = await stream.next()
            assert welcome.id == self.cursor
            while len(self.heard) < enough:
                sent = await stream.next()
                assert sent.data
                assert sent.id
                self.heard.append(sent.data)
                self.cursor = sent.id

    async def by_page(self, enough: int) -> None:
        wait = self.dice.choice([0, 0, 0.02, 1])
        answer = await poll(self.room.bob, "/events", since=self.cursor, wait=wait)
        assert "resync_required" not in answer
        self.heard += answer["events"]
        self.cursor = answer["cursor"]

    def by_topic(self) -> dict[str, list[int]]:
        topics: dict[str, list[int]] = {}
        for event in self.heard:
            kind = "user" if "user_id" in event else "conversation"
            topics.setdefault(f"{kind}:{event[kind + '_id']}", []).append(event["seq"])
        return topics


async def live_bobs_life(room: Room, people: list[Person], dice: random.Random) -> None:
    """Old and new conversations, messages in all of them, and changes of himself."""
    conversations = [room.conversation]

    async def act(n: int) -> None:
        what = dice.random()
        if what < 0.15:
            conversations.append(await room.house.conversation(*dice.sample(people, 2), room.bob))
        elif what < 0.25:
            await room.bob.client.patch("/users/me", json={"user": {"name": f"Bob {n}"}})
        else:
            await room.house.message(dice.choice(conversations), room.bob, f"message {n}")

    await write(room, act)


async def log_of(room: Room) -> dict[str, list[int]]:
    """What the log holds for Bob."""
    async with room.house.session() as session:
        rows = await session.execute(
            text(
                "SELECT topic, array_agg(seq ORDER BY seq) AS seqs FROM events"
                " WHERE topic = :own OR topic IN (SELECT 'conversation:' || conversation_id"
                " FROM participants WHERE user_id = :id) GROUP BY topic"
            ),
            {"own": f"user:{room.bob.id}", "id": room.bob.id},
        )
        return {row.topic: row.seqs for row in rows}


@pytest.mark.parametrize("seed", range(6))
async def test_each_topic_is_heard_as_it_is_in_the_log(room: Room, seed: int) -> None:
    dice = random.Random(seed)
    people = [await room.house.person() for _ in range(3)]
    before = await log_of(room)
    here = (await poll(room.bob, "/events"))["cursor"]
    wanderers = [Wanderer(room, random.Random(seed + n), here) for n in (100, 200)]

    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(live_bobs_life(room, people, dice))
        for wanderer in wanderers:
            tasks.create_task(wanderer.until_it_has(MESSAGES))

    expected = {
        topic: missed
        for topic, seqs in (await log_of(room)).items()
        if (missed := seqs[len(before.get(topic, [])) :])
    }
    assert sum(map(len, expected.values())) == MESSAGES
    for wanderer in wanderers:
        assert wanderer.by_topic() == expected


async def test_a_cursor_of_another_conversation_is_not_trusted(listening: Listening) -> None:
    """It names a place to which this one has not come."""
    room = listening.room
    await room.say("one")
    other = await room.house.conversation(room.bob, await room.house.person("carol"))
    cursor = (await listening.poll(room.bob))["cursor"]

    answer = await poll(room.bob, f"/conversations/{other.id}/events", since=cursor)

    assert answer["resync_required"] is True
    assert answer["seq"] == 0
