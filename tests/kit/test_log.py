"""The event log: positions without holes, in the order of the commits."""

import asyncio

import pytest
from sqlalchemy import text

from app.kit import log
from app.kit.db import announce
from app.kit.events import Envelope, Event, from_json
from app.kit.log import Position
from tests.counting import count_queries
from tests.factories import House


async def say(house: House, topic: str, *names: str) -> None:
    async with house.session() as session:
        for name in names:
            announce(session, Event(topic, name, "{}"))


async def since(house: House, topic: str, seq: int, limit: int = 100) -> list[Envelope]:
    async with house.session() as session:
        return await log.since(session, topic, seq, limit)


async def position(house: House, topic: str) -> Position:
    async with house.session() as session:
        return await log.position(session, topic)


async def test_each_topic_counts_for_itself(house: House) -> None:
    await say(house, "a", "one", "two")
    await say(house, "b", "other")
    await say(house, "a", "three")

    assert [(e.name, e.seq) for e in await since(house, "a", 0)] == [
        ("one", 1),
        ("two", 2),
        ("three", 3),
    ]
    assert (await position(house, "a")).seq == 3
    assert (await position(house, "b")).seq == 1
    assert (await position(house, "never")).seq == 0


async def test_since_is_exclusive_and_bounded(house: House) -> None:
    await say(house, "a", *(str(n) for n in range(1, 6)))

    assert [e.seq for e in await since(house, "a", 2)] == [3, 4, 5]
    assert [e.seq for e in await since(house, "a", 0, limit=2)] == [1, 2]
    assert await since(house, "a", 5) == []


async def test_data_are_kept_verbatim(house: House) -> None:
    data = '{"odd":   "spacing", "é": "\\u00e9"}'
    async with house.session() as session:
        announce(session, Event("a", "said", data))

    assert (await since(house, "a", 0))[0].data == data


async def test_times_only_grow_even_when_the_clock_does_not(house: House) -> None:
    await say(house, "a", "one")
    async with house.session() as session:
        await session.execute(text("UPDATE streams SET last_at = now() + interval '1 hour'"))
    await say(house, "a", "two", "three")

    first, second, third = await since(house, "a", 0)
    assert first.at < second.at < third.at


async def test_rolled_back_means_never_said(house: House) -> None:
    with pytest.raises(RuntimeError):
        async with house.session() as session:
            announce(session, Event("a", "said", "{}"))
            await session.flush()
            raise RuntimeError
    await say(house, "a", "first")

    assert [(e.name, e.seq) for e in await since(house, "a", 0)] == [("first", 1)]


async def test_news_for_many_new_topics_takes_four_statements(house: House) -> None:
    topics = [f"topic {n}" for n in range(100)]
    async with count_queries(house) as queries, house.session() as session:
        for topic in topics:
            announce(session, Event(topic, "one", "{}"))
            announce(session, Event(topic, "two", "{}"))

    assert len(queries) == 4, "to look, to open, to look again, to write"
    for topic in topics:
        assert [(e.name, e.seq) for e in await since(house, topic, 0)] == [("one", 1), ("two", 2)]


async def test_ephemeral_news_is_not_in_the_log(house: House) -> None:
    async with house.session() as session:
        announce(session, Event("a", "typing", "{}", ephemeral=True))

    assert await since(house, "a", 0) == []


async def test_sixteen_writers_leave_no_hole_and_a_reader_misses_none(live_house: House) -> None:
    seen: list[int] = []

    async def write(writer: int) -> None:
        for n in range(10):
            await say(live_house, "a", f"{writer}.{n}")

    async def read() -> None:
        while len(seen) < 160:
            seen.extend(e.seq for e in await since(live_house, "a", seen[-1] if seen else 0, 7))

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        tasks.create_task(read())
        for writer in range(16):
            tasks.create_task(write(writer))

    assert seen == list(range(1, 161))


async def test_two_topics_in_two_orders_never_deadlock(live_house: House) -> None:
    async def write(*topics: str) -> None:
        for _ in range(20):
            async with live_house.session() as session:
                for topic in topics:
                    announce(session, Event(topic, "said", "{}"))

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        for _ in range(4):
            tasks.create_task(write("a", "b"))
            tasks.create_task(write("b", "a"))

    assert (await position(live_house, "a")).seq == 160
    assert (await position(live_house, "b")).seq == 160


async def test_what_is_past_retention_is_forgotten(house: House) -> None:
    await say(house, "a", "old", "new")
    async with house.session() as session:
        await session.execute(
            text("UPDATE events SET at = now() - interval '31 days' WHERE name = 'old'")
        )
        assert await log.prune(session, older_than_days=30) is False

    assert [e.name for e in await since(house, "a", 0)] == ["new"]


async def test_a_log_that_is_all_forgotten_still_knows_its_head(house: House) -> None:
    await say(house, "a", "one", "two")
    async with house.session() as session:
        await session.execute(text("DELETE FROM events"))
    await say(house, "a", "three")

    assert (await position(house, "a")).seq == 3


async def test_the_epoch_is_new_only_when_the_data_were_replaced(house: House) -> None:
    before = await position(house, "a")
    await say(house, "a", "said")
    same = await position(house, "a")
    async with house.session() as session:
        await log.renew_epoch(session)
    after = await position(house, "a")

    assert before.epoch == same.epoch != after.epoch
    assert len(after.epoch) == 12


async def test_what_was_told_is_amended_where_it_is_named(house: House) -> None:
    said = '{"it": {"words": "é \\"x\\"", "n": 1}, "by": 7}'
    async with house.session() as session:
        for topic in ("a", "a", "a", "b"):
            announce(session, Event(topic, "said", said))
        announce(session, Event("a", "said", '{"it": null}'))

    async with house.session() as session:
        await log.amend(session, "a", [1, 3, 4, 9], ["it"], {"words": "", "gone": True})

    gone = {"it": {"words": "", "n": 1, "gone": True}, "by": 7}
    told = [from_json(event.data) for event in await since(house, "a", 0)]
    assert told == [gone, from_json(said), gone, {"it": None}]
    assert (await since(house, "b", 0))[0].data == said
    assert (await position(house, "a")).seq == 4
