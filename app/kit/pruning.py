"""Forgetting what is past its time, in portions."""

from collections.abc import Awaitable, Callable
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import QueryableAttribute

from app.kit.db import Database

PORTION_ROWS = 5_000  # Short transactions, so that nobody waits for a vacuum or a lock.

Prune = Callable[[AsyncSession], Awaitable[bool]]


async def prune(database: Database, *prunings: Prune) -> None:
    """A portion in each transaction, until nothing is past retention."""
    for forget in prunings:
        there_is_more = True
        while there_is_more:
            async with database.unit_of_work() as session:
                there_is_more = await forget(session)


async def forget_portion(
    session: AsyncSession, id: QueryableAttribute[int], is_old: ColumnElement[bool]
) -> bool:
    """Of the table with this key. Answers whether there may be more."""
    portion = select(id).where(is_old).limit(PORTION_ROWS)
    result: Any = await session.execute(delete(id.class_).where(id.in_(portion)))
    return bool(result.rowcount == PORTION_ROWS)
