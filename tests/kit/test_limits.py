"""Counting how often: in Redis, in the process, and while Redis dies."""

import asyncio
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import aclosing
from uuid import uuid4

import pytest
from redis.asyncio import Redis

from app.kit.limits import Exceeded, Limit, Limits
from app.kit.limits.here import Here
from app.kit.settings import Settings
from tests.houses import changed
from tests.kit.lines import Line

ALICE, BOB = "alice@example.com 192.0.2.1", "bob@example.com 192.0.2.1"


def twice(key: str) -> Limit:
    return Limit("twice", "2/minute", key)


def once_an_hour(key: str) -> Limit:
    return Limit("hourly", "1/hour", key)


@pytest.fixture
def strict(settings: Settings) -> Settings:
    """With a prefix of its own: the counts of one test are not those of another."""
    return changed(settings, rate_limits=True, redis_prefix=f"test-{uuid4().hex}:")


@pytest.fixture(params=["redis", "here"])
async def limits(request: pytest.FixtureRequest, strict: Settings) -> AsyncIterator[Limits]:
    url = strict.redis_url if request.param == "redis" else None
    async with aclosing(Limits(changed(strict, redis_url=url))) as limits:
        yield limits


async def test_each_key_has_its_own_count(limits: Limits) -> None:
    assert [await limits.count(twice(ALICE)) for _ in range(3)] == [(), (), (twice(ALICE),)]
    assert await limits.count(twice(BOB)) == ()
    assert await limits.count(once_an_hour(ALICE)) == ()


async def test_all_are_counted_and_those_exceeded_are_named(limits: Limits) -> None:
    await limits.check(once_an_hour(ALICE), twice(ALICE))
    assert await limits.count(once_an_hour(ALICE), twice(ALICE)) == (once_an_hour(ALICE),)

    with pytest.raises(Exceeded) as refused:
        await limits.check(twice(ALICE), twice(BOB))

    assert refused.value.limits == (twice(ALICE),)
    assert await limits.count(twice(BOB)) == ()
    assert await limits.count(twice(BOB)) == (twice(BOB),)


async def test_the_longest_wait_is_told(limits: Limits) -> None:
    both = (twice(ALICE), once_an_hour(ALICE))
    for _ in range(2):
        await limits.count(*both)

    with pytest.raises(Exceeded) as refused:
        await limits.check(*both)

    assert refused.value.limits == both
    wait = int(refused.value.headers["Retry-After"])
    assert 60 < wait <= 3_600
    assert refused.value.headers["RateLimit"] == f'"hourly";r=0;t={wait}'
    assert refused.value.headers["RateLimit-Policy"] == '"hourly";q=1;w=3600'


async def test_twenty_at_once_are_twenty(limits: Limits) -> None:
    wide = Limit("wide", "5/minute", ALICE)

    answers = await asyncio.gather(*(limits.count(wide, twice(BOB)) for _ in range(20)))

    assert [wide in exceeded for exceeded in answers].count(False) == 5
    assert [twice(BOB) in exceeded for exceeded in answers].count(False) == 2


async def test_what_is_forgotten_begins_anew(limits: Limits) -> None:
    for _ in range(2):
        await limits.count(twice(ALICE), twice(BOB))

    await limits.forget(twice(ALICE), once_an_hour(ALICE))

    assert await limits.count(twice(ALICE)) == ()
    assert await limits.count(twice(BOB)) == (twice(BOB),)


async def test_where_limits_are_off_nothing_is_refused(strict: Settings) -> None:
    async with aclosing(Limits(changed(strict, rate_limits=False))) as limits:
        for _ in range(3):
            await limits.check(once_an_hour(ALICE))
            limits.check_here(once_an_hour(ALICE))
        assert await limits.count(once_an_hour(ALICE)) == ()


@pytest.mark.parametrize("key", ["", "\0", "\udc80", "/", "%s{}*", "ü" * 10_000])
async def test_a_key_may_hold_anything(limits: Limits, key: str) -> None:
    assert await limits.count(once_an_hour(key)) == ()
    assert await limits.count(once_an_hour(key)) == (once_an_hour(key),)
    assert await limits.count(once_an_hour(key + "x")) == ()


async def test_processes_share_what_redis_counts(strict: Settings) -> None:
    async with aclosing(Limits(strict)) as one, aclosing(Limits(strict)) as other:
        await one.check(twice(ALICE))
        await other.check(twice(ALICE))
        for limits in (one, other):
            assert await limits.count(twice(ALICE)) == (twice(ALICE),)
            limits.check_here(once_an_hour(ALICE))  # Each has its own.
        await other.forget(twice(ALICE))
        assert await one.count(twice(ALICE)) == ()


async def test_who_looks_into_redis_does_not_learn_who_signs_in(strict: Settings) -> None:
    assert strict.redis_url is not None
    async with aclosing(Limits(strict)) as limits:
        await limits.check(twice(ALICE))
    async with Redis.from_url(strict.redis_url.get_secret_value()) as redis:
        keys = [key async for key in redis.scan_iter(f"{strict.redis_prefix}*")]

    assert len(keys) == 1
    assert b"twice" in keys[0]
    assert b"alice" not in keys[0]
    assert b"192" not in keys[0]


# Redis dies.


@pytest.fixture
async def line(strict: Settings) -> AsyncIterator[Line]:
    assert strict.redis_url is not None
    async with Line.to(strict.redis_url.get_secret_value().removeprefix("unix://")) as line:
        yield line


@pytest.mark.parametrize("how", [Line.cut, Line.fall_silent])
async def test_who_had_used_up_their_count_before_redis_died_has_none_after(
    strict: Settings, line: Line, how: type
) -> None:
    async with aclosing(Limits(changed(strict, redis_url=line.url))) as limits:
        await limits.check(once_an_hour(ALICE), twice(ALICE))
        how(line)
        assert await limits.count(once_an_hour(ALICE), twice(ALICE)) == (once_an_hour(ALICE),)
        with pytest.raises(Exceeded) as refused:
            await limits.check(twice(ALICE))
        assert int(refused.value.headers["Retry-After"]) <= 60
        await limits.forget(twice(ALICE))
        assert await limits.count(twice(ALICE)) == ()


@pytest.mark.parametrize("how", [Line.cut, Line.fall_silent])
async def test_twenty_at_once_while_redis_dies_are_no_more_than_a_process_allows(
    strict: Settings, line: Line, how: type
) -> None:
    wide = Limit("wide", "5/minute", ALICE)
    async with aclosing(Limits(changed(strict, redis_url=line.url))) as limits:
        assert await limits.count(wide) == ()
        counting = [asyncio.create_task(limits.count(wide)) for _ in range(20)]
        await asyncio.sleep(0)
        how(line)
        answers = await asyncio.gather(*counting)

    assert answers.count(()) == 4


async def test_who_did_not_answer_is_not_asked_again_at_once(strict: Settings, line: Line) -> None:
    line.cut()
    async with aclosing(Limits(changed(strict, redis_url=line.url))) as limits:
        for _ in range(10):
            await limits.count(twice(ALICE), once_an_hour(BOB))

    assert line.callers == 1


# In the process.


class Clock:
    now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_a_window_ends() -> None:
    clock = Clock()
    here = Here(clock=clock)
    assert [here.hit(twice(ALICE)) for _ in range(3)] == [True, True, False]
    clock.now += 45
    assert here.wait_seconds(twice(ALICE)) == 15
    assert not here.hit(twice(ALICE))
    clock.now += 15
    assert [here.hit(twice(ALICE)) for _ in range(3)] == [True, True, False]


def test_a_flood_of_keys_takes_no_more_than_its_room() -> None:
    here = Here(keys_max=100)
    tracemalloc.start()
    for number in range(20_000):
        here.hit(twice(f"{number}@example.com"))
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert taken < 500_000


def test_a_flood_of_keys_gives_nobody_a_fresh_count() -> None:
    here = Here(keys_max=100)
    assert here.hit(once_an_hour(ALICE))
    allowed = sum(here.hit(once_an_hour(f"{number}@example.com")) for number in range(20_000))

    assert not here.hit(once_an_hour(ALICE))
    assert allowed <= 100 + 1_024


def test_who_finds_no_room_shares_a_count_and_cannot_forget_it() -> None:
    here = Here(keys_max=1)
    assert here.hit(twice(ALICE))
    crowd = [twice(f"{number}@example.com") for number in range(5_000)]
    for limit in [*crowd, *crowd]:
        here.hit(limit)

    for limit in crowd:
        here.forget(limit)

    assert not any(here.hit(limit) for limit in crowd)
    assert here.hit(once_an_hour(BOB)), "another limit has its own room"
    assert here.hit(twice(ALICE)), "and who had a place has it still"


def test_there_is_room_again_when_windows_have_ended() -> None:
    clock = Clock()
    here = Here(keys_max=2, clock=clock)
    for key in (ALICE, BOB, "carol"):
        here.hit(twice(key))
    clock.now += 60

    here.hit(twice("dave"))
    here.hit(twice("dave"))
    here.forget(twice("dave"))

    assert here.hit(twice("dave")), "it was a place of their own"
