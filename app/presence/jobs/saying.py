"""Saying on the roll who is here by this process."""

import asyncio
from collections.abc import Callable, Iterable, Mapping

from app.presence.roll import Roll
from app.presence.schemas import Status
from app.presence.seats import Seats


class Saying:
    """For each person once, however many connections they have. `notice` hears whose is news."""

    def __init__(self, seats: Seats, roll: Roll, notice: Callable[[Iterable[int]], None]) -> None:
        self._seats = seats
        self._roll = roll
        self._notice = notice
        self._said: dict[int, Status] = {}
        self._turn = asyncio.Lock()

    async def say_again(self) -> None:
        """Of everybody, before it runs out. Raises: Unavailable"""
        self._seats.moved.update(self._seats.people)
        await self.say()

    async def say(self) -> None:
        """Of those for whom something has changed here. Raises: Unavailable"""
        async with self._turn:
            moved, self._seats.moved = self._seats.moved, set()
            here = {id: self._seats.status(id) for id in moved & self._seats.people}
            gone = {id: self._said[id] for id in moved & self._said.keys() - here.keys()}
            try:
                await self._say_of(here, gone)
            except BaseException:  # To be said at the next turn.
                self._seats.moved |= here.keys() | gone.keys()
                raise

    async def _say_of(self, here: Mapping[int, Status], gone: Mapping[int, Status]) -> None:
        if here:
            self._notice(await self._roll.keep(here))
        for user_id, status in here.items():
            if status is Status.AWAY and self._said.get(user_id) is Status.ONLINE:
                await self._rest(user_id)
            self._said[user_id] = status
        if gone:
            await self._roll.let_go(gone)
            for user_id in gone:
                del self._said[user_id]

    async def _rest(self, user_id: int) -> None:
        if await self._roll.rest(user_id):
            self._notice((user_id,))
