"""How many questions does an answer cost?"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import event

from tests.factories import House

_SAVEPOINTS = ("SAVEPOINT", "RELEASE", "ROLLBACK")


@asynccontextmanager
async def count_queries(house: House) -> AsyncIterator[list[str]]:
    """The statements that Postgres is sent meanwhile, without the savepoints of the tests."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_SAVEPOINTS):
            statements.append(statement)

    async with house.session() as session:
        bind = session.get_bind()
    event.listen(bind, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(bind, "before_cursor_execute", note)
