"""Things kept for a while: every test runs in memory and in Redis."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import TypeVar

import pytest
from redis.asyncio import Redis

from app.kit.errors import Unavailable
from app.kit.settings import Settings
from app.kit.shelf import Entry, Gone, MemoryShelf, RedisShelf, Shelf, put_up_shelf

T = TypeVar("T")
PATIENCE_SECONDS = 5
LONG_SECONDS = 60
SOON_SECONDS = 0.05


@pytest.fixture(params=["memory", "redis"])
async def shelf(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Shelf]:
    assert settings.redis_url is not None
    url = settings.redis_url.get_secret_value()
    shelf = put_up_shelf(url if request.param == "redis" else None, "test:")
    assert isinstance(shelf, RedisShelf if request.param == "redis" else MemoryShelf)
    yield shelf
    await shelf.aclose()
    async with Redis.from_url(url) as redis:
        await redis.flushall()


async def until(ask: Callable[[], Awaitable[T]]) -> T:
    """Ask until the answer is a yes."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (answer := await ask()):
            await asyncio.sleep(0.01)
    return answer


def names_of(swept: Sequence[Gone]) -> list[tuple[str, str]]:
    return [(gone.room, gone.name) for gone in swept]


# Drawers.


async def test_what_is_put_into_a_drawer_is_found_there(shelf: Shelf) -> None:
    await shelf.put("one", {"a": "1", "b": "ü\n\0"}, LONG_SECONDS)
    await shelf.put("one", {"a": "2"}, LONG_SECONDS)

    assert await shelf.look("one") == {"a": "2", "b": "ü\n\0"}
    assert await shelf.look("two") == {}


async def test_what_is_taken_out_is_gone(shelf: Shelf) -> None:
    await shelf.put("one", {"a": "1", "b": "2"}, LONG_SECONDS)

    await shelf.take("one", "a")
    await shelf.take("one", "never there")
    await shelf.take("never there", "a")

    assert await shelf.look("one") == {"b": "2"}


async def test_a_drawer_is_cleared_after_its_time(shelf: Shelf) -> None:
    await shelf.put("short", {"a": "1"}, SOON_SECONDS)
    await shelf.put("long", {"a": "1"}, LONG_SECONDS)

    async def is_cleared() -> bool:
        return await shelf.look("short") == {}

    await until(is_cleared)
    await shelf.put("short", {"b": "2"}, LONG_SECONDS)

    assert await shelf.look("short") == {"b": "2"}
    assert await shelf.look("long") == {"a": "1"}


async def test_a_drawer_lasts_as_long_as_was_said_last(shelf: Shelf) -> None:
    for name in ("kept", "cut"):
        await shelf.put(name, {"a": "1"}, LONG_SECONDS)
    await shelf.prolong(["cut", "never there"], SOON_SECONDS)

    async def is_cleared() -> bool:
        return await shelf.look("cut") == {}

    await until(is_cleared)
    await shelf.prolong(["cut"], LONG_SECONDS)

    assert await shelf.look("cut") == {}
    assert await shelf.look("never there") == {}
    assert await shelf.look("kept") == {"a": "1"}


# Rooms.


async def test_a_name_is_new_when_it_comes_in_first(shelf: Shelf) -> None:
    one, another = Entry("room", "al", "t1"), Entry("room", "al", "t2")
    bo, elsewhere = Entry("room", "bo", "t3"), Entry("other", "al", "t1")

    assert await shelf.enter([one, bo], LONG_SECONDS) == [True, True]
    assert await shelf.enter([one, another, elsewhere], LONG_SECONDS) == [False, False, True]
    assert await shelf.names("room") == ["al", "bo"]
    assert await shelf.names("nowhere") == []


async def test_many_come_in_at_once(shelf: Shelf) -> None:
    crowd = [Entry("room", f"{number:04}", "t") for number in range(1_203)]

    assert await shelf.enter(crowd, LONG_SECONDS) == [True] * len(crowd)
    assert await shelf.names("room") == [entry.name for entry in crowd]


async def test_a_name_is_gone_with_its_last_ticket(shelf: Shelf) -> None:
    one, another = Entry("room", "al", "t1"), Entry("room", "al", "t2")
    await shelf.enter([one, another], LONG_SECONDS)

    assert not await shelf.leave(one)
    assert not await shelf.leave(one)
    assert await shelf.names("room") == ["al"]
    assert await shelf.leave(another)
    assert not await shelf.leave(another)
    assert await shelf.names("room") == []


async def test_whoever_runs_out_of_tickets_is_swept_out_once(shelf: Shelf) -> None:
    stays, goes = Entry("room", "al", "t1"), Entry("room", "bo", "t2")
    await shelf.enter([stays], LONG_SECONDS)
    await shelf.enter([goes, Entry("room", "al", "t3")], SOON_SECONDS)

    assert names_of(await until(shelf.sweep)) == [("room", "bo")]
    assert await shelf.sweep() == []
    assert await shelf.names("room") == ["al"]


async def test_a_sweep_tells_when_the_last_ticket_ran_out(shelf: Shelf) -> None:
    """However late it comes: after the first one that finds nobody, others are overdue."""
    before = time.time()
    await shelf.enter([Entry("room", "al", "t1")], SOON_SECONDS / 50)
    await shelf.enter([Entry("room", "al", "t2"), Entry("room", "bo", "t3")], SOON_SECONDS)

    async def both_have_run_out() -> bool:
        return time.time() > before + 4 * SOON_SECONDS

    await until(both_have_run_out)
    swept = await shelf.sweep()

    assert sorted(names_of(swept)) == [("room", "al"), ("room", "bo")]
    assert all(before < gone.at < before + 3 * SOON_SECONDS for gone in swept)


async def test_many_are_looked_up_in_several_rooms_at_once(shelf: Shelf) -> None:
    await shelf.enter([Entry("one", "al", "t"), Entry("one", "bo", "t")], LONG_SECONDS)
    await shelf.enter([Entry("two", "bo", "t")], LONG_SECONDS)

    one, two, nowhere = await shelf.listed(["one", "two", "three"], ["al", "bo", "cy"])

    assert (set(one), set(two), set(nowhere)) == ({"al", "bo"}, {"bo"}, set())
    assert [set(names) for names in await shelf.listed(["one", "two"], [])] == [set(), set()]


async def test_until_the_sweep_nobody_has_gone(shelf: Shelf) -> None:
    """Whoever comes back before it was never away, and nobody hears of it."""
    first, again = Entry("room", "al", "t1"), Entry("room", "al", "t2")
    other = Entry("other", "bo", "t")
    await shelf.enter([first], SOON_SECONDS / 50)
    await shelf.enter([other], SOON_SECONDS)

    assert await shelf.names("room") == ["al"]
    assert await shelf.enter([again], LONG_SECONDS) == [False]
    assert names_of(await until(shelf.sweep)) == [("other", "bo")]
    assert await shelf.names("room") == ["al"]


async def test_of_many_who_sweep_one_is_told(shelf: Shelf) -> None:
    await shelf.enter([Entry("room", "al", "t1")], SOON_SECONDS)

    told: list[tuple[str, str]] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not told:
            for gone in await asyncio.gather(*(shelf.sweep() for _ in range(5))):
                told += names_of(gone)

    assert told == [("room", "al")]


async def test_a_shelf_that_is_away_says_so_and_is_not_asked_again_at_once() -> None:
    callers = 0

    def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal callers
        callers += 1
        writer.close()

    async with await asyncio.start_server(hang_up, "127.0.0.1", 0) as away:
        port = away.sockets[0].getsockname()[1]
        shelf = RedisShelf(f"redis://127.0.0.1:{port}", "test:")
        with pytest.raises(Unavailable):
            await shelf.look("one")
        assert callers == 1
        with pytest.raises(Unavailable):
            await shelf.enter([Entry("room", "al", "t1")], LONG_SECONDS)
        with pytest.raises(Unavailable):
            await shelf.put("one", {"a": "1"}, LONG_SECONDS)
        assert callers == 1
        await shelf.aclose()
