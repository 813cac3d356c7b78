"""The house itself: its floors, its tables, and its document."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit import migrations
from app.kit.errors import ChatFlowError
from app.kit.postgres import connect
from app.kit.settings import Settings
from tests.contract import DOCUMENT
from tests.factories import House
from tests.houses import changed
from tests.matrix import ACCESS
from tests.operations import OPERATIONS, WITH_BODY, Operation

ROOT = Path(__file__).parents[1]
SOURCES = [*ROOT.glob("app/**/*.py"), *ROOT.glob("migrations/**/*.py")]

# Code.


def test_the_floors_and_rooms_stand_in_their_order() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]

    contracts = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert contracts.returncode == 0, contracts.stdout + contracts.stderr


def test_only_one_place_commits() -> None:
    commits = {
        str(path.relative_to(ROOT))
        for path in SOURCES
        if ".commit(" in path.read_text() and "migrations" not in path.parts
    }

    assert commits == {"app/kit/db.py"}


def test_every_module_says_what_it_is_for() -> None:
    tests = [path for path in ROOT.glob("tests/**/*.py") if path.name != "__init__.py"]

    silent = [
        str(path.relative_to(ROOT))
        for path in [*SOURCES, *tests]
        if not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []


# Tables.


@pytest.fixture
async def empty_database(settings: Settings, engine: AsyncEngine) -> AsyncIterator[AsyncEngine]:
    """On the same server, with nothing in it."""
    assert settings.database_url is not None
    name = "migrated_up_and_down"
    url = make_url(settings.database_url.get_secret_value()).set(database=name)
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text(f"DROP DATABASE IF EXISTS {name}"))
        await connection.execute(text(f"CREATE DATABASE {name}"))
        other = connect(changed(settings, database_url=url.render_as_string(hide_password=False)))
        yield other
        await other.dispose()
        await connection.execute(text(f"DROP DATABASE {name}"))


async def tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return set(names) - {"alembic_version"}


def revisions() -> list[str]:
    """The oldest first."""
    directory = ScriptDirectory(str(ROOT / "migrations"))
    return [script.revision for script in reversed(list(directory.walk_revisions()))]


async def test_the_models_are_what_the_migrations_make(engine: AsyncEngine) -> None:
    await migrations.check(engine)


async def test_every_migration_goes_down_and_up_again(empty_database: AsyncEngine) -> None:
    below = "base"
    for revision in revisions():
        before = await tables(empty_database)
        await migrations.upgrade(empty_database, revision)
        after = await tables(empty_database)
        await migrations.downgrade(empty_database, below)
        assert await tables(empty_database) == before, f"{revision} leaves something behind"
        await migrations.upgrade(empty_database, revision)
        assert await tables(empty_database) == after
        below = revision
    await migrations.check(empty_database)

    await migrations.downgrade(empty_database, "base")
    assert await tables(empty_database) == set()
    await migrations.upgrade(empty_database)
    await migrations.check(empty_database)


async def test_whoever_was_first_in_an_older_group_owns_it(empty_database: AsyncEngine) -> None:
    below = ScriptDirectory(str(ROOT / "migrations")).get_revision("0007").down_revision
    await migrations.upgrade(empty_database, str(below))
    async with empty_database.begin() as connection:
        for statement in (
            """INSERT INTO users (email, encrypted_password) VALUES
                ('a', '!'), ('b', '!'), ('c', '!')""",
            """INSERT INTO conversations ("group") VALUES (true), (true), (false)""",
            """INSERT INTO participants (conversation_id, user_id, created_at) VALUES
                (1, 1, '2024-01-02'), (1, 2, '2024-01-01'), (1, 3, '2024-01-01'),
                (2, 2, '2024-01-01'), (2, 3, '2024-01-01'), (3, 1, '2024-01-01')""",
        ):
            await connection.execute(text(statement))

    await migrations.upgrade(empty_database, "0007")

    owners = text("SELECT conversation_id, user_id FROM participants WHERE role = 'owner'")
    async with empty_database.connect() as connection:
        assert set(map(tuple, await connection.execute(owners))) == {(1, 2), (2, 2)}


async def test_what_was_unread_before_it_was_kept_is_counted(empty_database: AsyncEngine) -> None:
    """Two people, of whom one has read the first message; and one who was there alone."""
    below = ScriptDirectory(str(ROOT / "migrations")).get_revision("0012").down_revision
    await migrations.upgrade(empty_database, str(below))
    async with empty_database.begin() as connection:
        for statement in (
            "INSERT INTO users (email, encrypted_password) VALUES ('a', '!'), ('b', '!')",
            """INSERT INTO conversations ("group") VALUES (true), (true)""",
            """INSERT INTO participants (conversation_id, user_id, last_read_seq) VALUES
                (1, 1, 1), (1, 2, 0), (2, 1, 0)""",
            """INSERT INTO messages (conversation_id, user_id, seq, body, mentioned_ids,
                mentions_everyone, withdrawn_at, created_at, updated_at)
            SELECT 1, user_id, seq, body, mentioned_ids, everyone, withdrawn_at, at, at
            FROM (VALUES
                (2, 1, 'a', '{1}'::bigint[], true, null::timestamptz, '2024-01-01'::timestamptz),
                (2, 2, 'b', '{1}', false, null, '2024-01-02'),
                (2, 3, 'c', '{}', true, null, '2024-01-03'),
                (2, 4, '', '{}', false, '2024-02-01', '2024-01-04'),
                (2, 5, 'e', '{}', false, null, '2024-01-05'),
                (1, 6, 'f', '{2}', true, null, '2024-01-06')
            ) AS said(user_id, seq, body, mentioned_ids, everyone, withdrawn_at, at)""",
        ):
            await connection.execute(text(statement))

    await migrations.upgrade(empty_database, "0012")

    unread = text("""
        SELECT conversation_id, user_id, messages_count, messages_count - read_count,
            unread_mentions
        FROM participants JOIN conversations ON conversations.id = conversation_id
    """)
    async with empty_database.connect() as connection:
        counted = set(map(tuple, await connection.execute(unread)))
    assert counted == {(1, 1, 5, 3, 2), (1, 2, 5, 1, 1), (2, 1, 0, 0, 0)}


def test_the_migrations_are_one_line() -> None:
    directory = ScriptDirectory(str(ROOT / "migrations"))

    assert len(directory.get_heads()) == 1
    assert directory.get_current_head() == revisions()[-1]


# The document.


def test_operations_have_names_of_their_own() -> None:
    ids = [operation.id for operation in OPERATIONS]

    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_an_operation_says_what_it_does_and_answers(operation: Operation) -> None:
    answers = operation.spec["responses"]

    assert operation.spec["summary"]
    assert operation.spec["tags"]
    for status, answer in answers.items():
        assert answer["description"]
        assert "content" in answer or status in ("204", "302", "304"), status
    if operation.method != "get":
        assert {"403", "429"} <= set(answers), "cross_site, and the rate of writes"
    if operation.body_schema is not None:
        assert {"413", "415", "422"} <= set(answers)
    if operation.parameters("query"):
        assert "422" in answers
    if "{" in operation.path:
        assert {"401", "404"} <= set(answers)
    if "401" in ACCESS[operation.id].values():
        assert "401" in answers


@pytest.mark.parametrize("operation", WITH_BODY, ids=lambda operation: operation.id)
def test_a_body_has_an_example(operation: Operation) -> None:
    assert operation.example


def test_what_a_path_names_is_a_parameter() -> None:
    """Without it the explorer has no field to type the id into."""
    for operation in OPERATIONS:
        named = set(re.findall(r"\{(\w+)\}", operation.path))
        assert {one["name"] for one in operation.parameters("path")} == named
        assert all(one["required"] for one in operation.parameters("path"))


def test_required_parameters_have_examples() -> None:
    for operation in OPERATIONS:
        assert all(operation.example_query.values())


def error_codes(family: type[ChatFlowError]) -> set[str]:
    members = (error_codes(member) for member in family.__subclasses__())
    return {family.code}.union(*members)


def test_the_document_names_every_code_of_the_family() -> None:
    """Those of 422 are made of a field and a reason."""
    document = json.dumps(DOCUMENT)

    unnamed = {code for code in error_codes(ChatFlowError) if f"`{code}`" not in document}

    assert unnamed == set()


async def test_the_document_is_served(house: House) -> None:
    served = await house.client().get("/openapi.json")

    assert served.json() == DOCUMENT
    assert served.json()["info"]["version"] == (await house.client().get("/")).json()["version"]


async def test_the_front_is_the_web_client_and_names_the_version_to_programs(house: House) -> None:
    program = await house.client().get("/", headers={"Accept": "application/json"})
    accept = "text/html,application/xhtml+xml,*/*;q=0.8"
    browser = await house.client().get("/", headers={"Accept": accept})

    assert set(program.json()) == {"name", "version"}
    assert program.json()["name"] == "ChatFlow"
    assert browser.status_code == 200
    assert browser.headers["content-type"] == "text/html; charset=utf-8"
