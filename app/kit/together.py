"""Things done together: whatever comes while the last are under way is done with one question.

Where nothing is under way it begins at once: there is no timer, and nobody waits for company. When
a thousand come at once, they share a round trip.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context
from typing import Generic, TypeVar

from app.kit.errors import Unavailable

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class Together(Generic[Item, Outcome]):
    """`work` answers one outcome for each item, in their order; an error is raised to its asker.

    What `work` raises is raised to all whose items it was given.
    """

    def __init__(
        self,
        work: Callable[[list[Item]], Awaitable[Sequence[Outcome | Exception]]],
        *,
        batch_max: int,
        waiting_max: int,
    ) -> None:
        self._work = work
        self._batch_max = batch_max
        self._waiting_max = waiting_max
        self._waiting: list[tuple[Item, asyncio.Future[Outcome]]] = []
        self._working: asyncio.Task[None] | None = None

    async def do(self, item: Item) -> Outcome:
        """Whoever goes away takes nothing from the others, and their own item is done all the same.

        Raises: Unavailable when too many are waiting; what `work` raises or answers for the item.
        """
        if len(self._waiting) >= self._waiting_max:
            raise Unavailable
        outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, outcome))
        if self._working is None or self._working.done():
            # Not in the name of the request that happened to come first.
            self._working = asyncio.create_task(self._work_off(), context=Context())
        return await outcome

    async def _work_off(self) -> None:
        while self._waiting:
            batch = self._waiting[: self._batch_max]
            del self._waiting[: self._batch_max]
            for (_, asked), outcome in zip(batch, await self._outcomes(batch), strict=True):
                _settle(asked, outcome)

    async def _outcomes(
        self, batch: list[tuple[Item, asyncio.Future[Outcome]]]
    ) -> Sequence[Outcome | Exception]:
        try:
            return await self._work([item for item, _ in batch])
        except Exception as error:
            return [error] * len(batch)


def _settle(asked: asyncio.Future[Outcome], outcome: Outcome | Exception) -> None:
    if asked.done():  # Who asked has gone away.
        return
    if isinstance(outcome, Exception):
        asked.set_exception(outcome)
    else:
        asked.set_result(outcome)
