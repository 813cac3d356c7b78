"""Doing things together: at once when idle, in one go when busy, and each with its own outcome."""

import asyncio
from contextlib import suppress

import pytest

from app.kit.errors import NotFound, Unavailable
from app.kit.together import Together


class Clerk:
    """Answers its items doubled, when it is let."""

    def __init__(self, **bounds: int) -> None:
        self.batches: list[list[int]] = []
        self.may_go_on = asyncio.Event()
        self.together = Together(self.work, **{"batch_max": 100, "waiting_max": 100} | bounds)

    async def work(self, items: list[int]) -> list[int | Exception]:
        self.batches.append(items)
        await self.may_go_on.wait()
        if 13 in items:
            raise ValueError("thirteen")
        return [NotFound() if item < 0 else 2 * item for item in items]

    async def take(self, *items: int) -> list[asyncio.Task[int]]:
        """Until they have been asked for."""
        tasks = [asyncio.create_task(self.together.do(item)) for item in items]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        return tasks


async def test_whoever_finds_it_idle_begins_and_who_comes_meanwhile_goes_together() -> None:
    clerk = Clerk()
    tasks = [*await clerk.take(1), *await clerk.take(2, 3), *await clerk.take(4)]
    assert clerk.batches == [[1]]

    clerk.may_go_on.set()

    assert await asyncio.gather(*tasks) == [2, 4, 6, 8]
    assert clerk.batches == [[1], [2, 3, 4]]
    assert await clerk.together.do(5) == 10


async def test_a_batch_has_a_bound() -> None:
    clerk = Clerk(batch_max=2)
    clerk.may_go_on.set()
    assert await asyncio.gather(*await clerk.take(1, 2, 3, 4, 5)) == [2, 4, 6, 8, 10]
    assert clerk.batches == [[1, 2], [3, 4], [5]]


async def test_whoever_comes_when_too_many_wait_is_told_so_and_the_others_are_served() -> None:
    clerk = Clerk(waiting_max=2)
    tasks = [*await clerk.take(1), *await clerk.take(2, 3)]
    with pytest.raises(Unavailable):
        await clerk.together.do(4)
    clerk.may_go_on.set()
    assert await asyncio.gather(*tasks) == [2, 4, 6]


async def test_an_error_is_of_its_item_alone() -> None:
    clerk = Clerk()
    clerk.may_go_on.set()
    good, bad, also_good = await clerk.take(1, -1, 2)
    with pytest.raises(NotFound):
        await bad
    assert (await good, await also_good) == (2, 4)


async def test_what_fails_as_a_whole_fails_for_all_of_it_and_for_nothing_after_it() -> None:
    clerk = Clerk()
    clerk.may_go_on.set()
    for task in await clerk.take(13, 1):
        with pytest.raises(ValueError, match="thirteen"):
            await task
    assert await clerk.together.do(2) == 4


async def test_who_goes_away_takes_nothing_from_the_others() -> None:
    clerk = Clerk()
    gone, stays = await clerk.take(1, 2)
    gone.cancel()
    with suppress(asyncio.CancelledError):
        await gone
    clerk.may_go_on.set()
    assert await stays == 4
    assert clerk.batches == [[1, 2]]
