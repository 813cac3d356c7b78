"""How many questions does an answer cost?"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from asyncpg.connection import LoggedQuery
from sqlalchemy import Connection, event

from tests.factories import House

_BRACKETS = ("BEGIN", "SAVEPOINT", "RELEASE", "ROLLBACK")


@asynccontextmanager
async def count_queries(house: House) -> AsyncIterator[list[str]]:
    """The statements that Postgres is sent meanwhile, without the savepoints of the tests.

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
        assert isinstance(bind, Connection), (
            "of an engine nobody would hear what the driver is asked"
        )
        connection = await (await session.connection()).get_raw_connection()
    event.listen(bind, "before_cursor_execute", note)
    try:
        with connection.driver_connection.query_logger(hear):
            yield statements
            await asyncio.sleep(0)
    finally:
        event.remove(bind, "before_cursor_execute", note)
