"""What the migration makes of usernames that are there already."""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

_MIGRATIONS = Path(__file__).parents[2] / "migrations"
MIGRATION = ScriptDirectory(str(_MIGRATIONS)).get_revision("0006").module


def migrate(connection: Connection, way: str) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        getattr(MIGRATION, way)()


async def keys(engine: AsyncEngine, usernames: list[str | None]) -> list[str | None]:
    """Of accounts that were made in this order, before there were keys; all is rolled back."""
    async with engine.connect() as connection:
        outer = await connection.begin()
        await connection.run_sync(migrate, "downgrade")
        for number, username in enumerate(usernames):
            await connection.execute(
                text("INSERT INTO users (email, encrypted_password, username) VALUES (:e, '', :u)"),
                {"e": f"{number}@example.com", "u": username},
            )
        await connection.run_sync(migrate, "upgrade")
        rows = await connection.execute(text("SELECT username_key FROM users ORDER BY id"))
        found = list(rows.scalars())
        await outer.rollback()
    return found


async def test_the_oldest_of_those_that_look_alike_has_the_key(engine: AsyncEngine) -> None:
    usernames = ["bob", "alice", None, "aIice", "a1ice", "b0b", "carol"]

    assert await keys(engine, usernames) == ["bob", "allce", None, None, None, None, "carol"]


async def test_there_may_be_more_than_are_changed_at_once(engine: AsyncEngine) -> None:
    usernames: list[str | None] = [f"person{number}x" for number in range(2_101)]

    found = await keys(engine, usernames)

    assert None not in found
    assert len(set(found)) == 2_101
