"""One request, one unit of work: what is said was committed, and what fails says nothing."""

import asyncio
from collections.abc import Iterable

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs

from app.kit.db import Database, announce, fetching, keep, note
from app.kit.errors import Invalid, Unavailable
from app.kit.events import Envelope, Event
from app.kit.postgres import connect, database_url
from app.kit.settings import Settings
from app.models import Activity
from tests.factories import House

# A constraint that is looked at only when the transaction ends.
_REFUSED_AT_THE_COMMIT = (
    "CREATE TEMPORARY TABLE late (n int UNIQUE DEFERRABLE INITIALLY DEFERRED) ON COMMIT DROP",
    "INSERT INTO late VALUES (1), (1)",
)


class Bell:
    """A broker that only remembers."""

    def __init__(self) -> None:
        self.rung: list[Envelope] = []

    def ring(self, envelopes: Iterable[Envelope]) -> None:
        self.rung.extend(envelopes)


@pytest.fixture
def bell(house: House, monkeypatch: pytest.MonkeyPatch) -> Bell:
    bell = Bell()
    monkeypatch.setattr(house.state["broker"], "ring", bell.ring)
    return bell


async def test_the_bell_rings_after_the_commit_with_what_the_log_holds(
    house: House, bell: Bell
) -> None:
    async with house.session() as session:
        announce(session, Event("b", "second topic", "{}"))
        announce(session, Event("a", "first topic", "{}"))
        announce(session, Event("a", "typing", "{}", ephemeral=True, sender="me"))
        assert bell.rung == []

    assert [(e.topic, e.name, e.seq) for e in bell.rung] == [
        ("b", "second topic", 1),
        ("a", "first topic", 1),
        ("a", "typing", 0),
    ]


async def test_what_fails_rings_no_bell(house: House, bell: Bell) -> None:
    with pytest.raises(RuntimeError):
        async with house.session() as session:
            announce(session, Event("a", "said", "{}"))
            raise RuntimeError

    assert bell.rung == []


async def test_what_fails_at_the_commit_rings_no_bell(
    live_house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    bell = Bell()
    monkeypatch.setattr(live_house.state["broker"], "ring", bell.ring)

    with pytest.raises(IntegrityError):
        async with live_house.session() as session:
            announce(session, Event("a", "said", "{}"))
            for statement in _REFUSED_AT_THE_COMMIT:
                await session.execute(text(statement))

    assert bell.rung == []


async def test_a_line_is_logged_when_what_it_says_is_so(live_house: House) -> None:
    with capture_logs() as lines:
        async with live_house.session() as session:
            note(session, "done", number=1)
            assert lines == []

    assert lines == [{"event": "done", "number": 1, "log_level": "info"}]


async def test_what_fails_at_the_commit_logs_nothing(live_house: House) -> None:
    with capture_logs() as lines, pytest.raises(IntegrityError):
        async with live_house.session() as session:
            note(session, "done")
            for statement in _REFUSED_AT_THE_COMMIT:
                await session.execute(text(statement))

    assert lines == []


async def test_a_line_takes_a_unit_of_work(house: House) -> None:
    """What is done by one statement is not done yet when the session ends."""
    with pytest.raises(AssertionError, match="unit of work"):
        async with house.database.autocommit() as session:
            note(session, "done")


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("SELECT pg_sleep(5)", Unavailable),
        ("SELECT pg_terminate_backend(pg_backend_pid())", Unavailable),
        ("SELECT 1/0", Invalid),
        ("SELECT cast('x' AS integer)", Invalid),
    ],
)
async def test_what_postgres_refuses_is_one_of_our_errors(
    live_house: House, statement: str, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        async with live_house.session() as session:
            await session.execute(text("SET LOCAL statement_timeout = '50ms'"))
            await session.execute(text(statement))


async def test_a_database_that_is_not_there_is_unavailable(settings: Settings) -> None:
    nowhere = Settings.model_validate(
        {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing", "REDIS_URL": None}
    )
    engine = connect(nowhere)
    with pytest.raises(Unavailable):
        async with Database(engine, Bell()).unit_of_work() as session:  # type: ignore[arg-type]
            await session.execute(text("SELECT 1"))
    await engine.dispose()


async def test_a_database_that_does_not_answer_is_unavailable(
    settings: Settings, engine: AsyncEngine
) -> None:
    """It is busy for longer than we listen; a frozen one is as silent."""
    hasty = connect(settings.model_copy(update={"database_silence_max_seconds": 0.1}))
    database = Database(hasty, Bell())  # type: ignore[arg-type]

    with pytest.raises(Unavailable):
        async with database.unit_of_work() as session:
            await session.execute(text("SELECT pg_sleep(8)"))

    async with database.unit_of_work() as session:
        assert (await session.execute(text("SELECT 1"))).scalar_one() == 1
    await hasty.dispose()


async def test_an_error_that_means_nothing_else_is_not_its_own_cause(house: House) -> None:
    """The log, and whoever else follows causes, would follow it for ever."""
    for opened in (house.session, house.database.autocommit):
        with pytest.raises(IntegrityError) as refused:
            async with opened() as session:
                await session.execute(text("INSERT INTO users (email) VALUES (NULL)"))
        assert refused.value.__cause__ is not refused.value


async def test_a_question_needs_no_transaction(live_house: House) -> None:
    """`now()` is when the transaction began."""
    async with live_house.database.autocommit() as session:
        asked = [(await session.execute(text("SELECT now()"))).scalar_one() for _ in range(2)]
    async with live_house.session() as session:
        wrote = [(await session.execute(text("SELECT now()"))).scalar_one() for _ in range(2)]

    assert asked[0] < asked[1]
    assert wrote[0] == wrote[1]


# Past the sessions.


@pytest.mark.parametrize(
    ("sql", "value", "expected"),
    [
        ("SELECT pg_terminate_backend(pg_backend_pid()), $1::int", 1, Unavailable),
        ("SELECT 1 / $1::int", 0, Invalid),
        ("SELECT cast($1 AS integer)", 2**31, Invalid),  # The driver refuses these two itself.
        ("SELECT cast($1 AS text)", "\ud800", Invalid),
    ],
)
async def test_a_question_past_the_sessions_raises_our_errors_too(
    live_house: House, sql: str, value: object, expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        await live_house.database.fetch(sql, value)

    assert await live_house.database.fetch("SELECT $1::int", 1) == [(1,)]


async def test_a_question_past_the_sessions_has_an_end(settings: Settings) -> None:
    """It says so as soon as Postgres, which has heard of our patience."""
    hasty = connect(settings.model_copy(update={"database_statement_timeout_seconds": 0.1}))
    with pytest.raises(Unavailable):
        await Database(hasty, Bell()).fetch("SELECT pg_sleep(8)")  # type: ignore[arg-type]
    deaf = connect(settings.model_copy(update={"database_silence_max_seconds": 0.1}))
    with pytest.raises(Unavailable):
        await Database(deaf, Bell()).fetch("SELECT pg_sleep(8)")  # type: ignore[arg-type]
    await hasty.dispose()
    await deaf.dispose()


async def test_a_question_past_the_sessions_holds_no_connection(live_house: House) -> None:
    many = live_house.state["settings"].database_pool_size * 3
    asked = (live_house.database.fetch("SELECT $1::int", n) for n in range(many))

    assert await asyncio.gather(*asked) == [[(n,)] for n in range(many)]


async def test_within_a_session_a_question_sees_what_was_written_in_it(live_house: House) -> None:
    alice = await live_house.person("alice")
    sql = "SELECT name FROM users WHERE id = $1"
    async with live_house.session() as session:
        await session.execute(text("UPDATE users SET name = 'Alicia'"))

        assert await fetching(session)(sql, alice.id) == [("Alicia",)]
        assert await live_house.database.fetch(sql, alice.id) == [("Alice",)]

    assert await live_house.database.fetch(sql, alice.id) == [("Alicia",)]


@pytest.mark.parametrize(
    ("given", "understood"),
    [
        ("postgres://u:p@db.example/chat", "postgresql+asyncpg://u:p@db.example/chat"),
        ("postgresql://db/chat?sslmode=require", "postgresql+asyncpg://db/chat?ssl=require"),
        (
            "postgresql+asyncpg://@/chat?host=/run/pg",
            "postgresql+asyncpg://@/chat?host=%2Frun%2Fpg",
        ),
    ],
)
def test_the_urls_of_hosting_services_are_understood(given: str, understood: str) -> None:
    assert database_url(given).render_as_string(hide_password=False) == understood


# What was refused and leaves a trace.


async def statements(house: House) -> list[str]:
    async with house.session() as session:
        return list((await session.execute(select(Activity.name).order_by(Activity.id))).scalars())


async def test_what_is_kept_outlives_the_refusal_and_nothing_else_does(house: House) -> None:
    alice = await house.person("alice")
    before = await statements(house)

    with pytest.raises(Invalid), capture_logs() as lines:
        async with house.session() as session:
            session.add(Activity(user_id=alice.id, name="done"))
            await session.flush()
            announce(session, Event("a", "said", "{}"))
            note(session, "done")
            keep(session, Activity(user_id=alice.id, name="refused"), "refused", of=alice.id)
            raise Invalid.field("body", "blank", "can't be blank")

    assert [(line["event"], line["of"]) for line in lines] == [("refused", alice.id)]
    assert await statements(house) == [*before, "refused"]
    async with house.session() as session:
        assert (await session.execute(text("SELECT 1 FROM events WHERE topic = 'a'"))).all() == []


async def test_what_is_kept_is_there_when_nothing_was_refused(house: House) -> None:
    alice = await house.person("alice")
    before = await statements(house)

    async with house.session() as session:
        keep(session, Activity(user_id=alice.id, name="seen"), "seen")

    assert await statements(house) == [*before, "seen"]


async def test_a_mistake_of_ours_keeps_nothing(house: House) -> None:
    alice = await house.person("alice")
    before = await statements(house)

    with pytest.raises(RuntimeError):
        async with house.session() as session:
            keep(session, Activity(user_id=alice.id, name="refused"), "refused")
            raise RuntimeError

    assert await statements(house) == before
