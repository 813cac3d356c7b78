"""Conversations that are held, and those who wait for them."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text

from app.kit import log
from app.messages.events import topic_of
from app.models import Conversation
from tests.factories import House

_WAITING = "FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
_COUNT = text(f"SELECT count(*) {_WAITING}")
_KILL = text(f"SELECT pg_terminate_backend(pid) {_WAITING}")


@asynccontextmanager
async def held(house: House, conversation: Conversation) -> AsyncIterator[None]:
    """Nobody else changes anything in it, until the end of the block."""
    async with house.session() as session:
        await log.hold(session, topic_of(conversation.id))
        yield


async def waiting(house: House, count: int) -> None:
    """Until so many wait for a lock."""
    async with asyncio.timeout(5), house.database.autocommit() as session:
        while (await session.execute(_COUNT)).scalar_one() < count:
            await asyncio.sleep(0)


async def kill_who_waits(house: House) -> None:
    async with house.database.autocommit() as session:
        await session.execute(_KILL)
