"""Straight to Postgres, past the workers."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from tests.system.waiting import LOOK_SECONDS

_LOCK = "SELECT FROM streams WHERE topic = $1 FOR UPDATE"
_COUNT_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"

Waiting = Callable[[int], Awaitable[None]]


class Database:
    def __init__(self, url: str) -> None:
        """`url` as SQLAlchemy has it."""
        self._url = url.replace("+asyncpg", "")

    async def query(self, statement: str, *values: object) -> list[Any]:
        async with self._connection() as connection:
            rows: list[Any] = await connection.fetch(statement, *values)
            return rows

    @asynccontextmanager
    async def locked(self, topic: str) -> AsyncIterator[Waiting]:
        """Nobody can append to the topic, until the end of the block.

        Yields a function that waits until so many others wait for a lock.
        """
        async with self._connection() as connection, connection.transaction():
            await connection.execute(_LOCK, topic)

            async def waiting(count: int) -> None:
                while await connection.fetchval(_COUNT_WAITING) < count:
                    await asyncio.sleep(LOOK_SECONDS)

            yield waiting

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Any]:
        connection = await asyncpg.connect(self._url)
        try:
            yield connection
        finally:
            await connection.close()
