"""How many questions does an answer cost?"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from asyncpg.connection import LoggedQuery
from sqlalchemy import Connection, Engine, event

from tests.factories import House

Hear = Callable[[LoggedQuery], None]

_BRACKETS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@asynccontextmanager
async def count_queries(house: House) -> AsyncIterator[list[str]]:
    """The statements that Postgres is sent meanwhile, without the brackets around them.

    SQLAlchemy tells of those that go through it. The driver tells of those that it is asked itself,
    a turn of the loop later; and once more of those with many sets of values, as a list.
    """
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_BRACKETS):
            statements.append(statement)

    def hear(asked: LoggedQuery) -> None:
        if not isinstance(asked.args, list):
            note(None, None, asked.query)

    async with house.session() as session:
        bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    try:
        async with _heard_by_drivers(bind, hear):
            yield statements
            await asyncio.sleep(0)
    finally:
        event.remove(bind, "before_cursor_execute", note)


@asynccontextmanager
async def _heard_by_drivers(bind: Connection | Engine, hear: Hear) -> AsyncIterator[None]:
    """Of the one connection of a test in process, or of each that a pool lends."""
    if isinstance(bind, Connection):
        with bind.connection.driver_connection.query_logger(hear):  # type: ignore[union-attr]
            yield
        return
    drivers = set()

    def listen(lent: Any, *_: Any) -> None:
        drivers.add(lent.driver_connection)
        lent.driver_connection.add_query_logger(hear)

    event.listen(bind, "checkout", listen)
    try:
        yield
    finally:
        event.remove(bind, "checkout", listen)
        for driver in drivers:
            driver.remove_query_logger(hear)
