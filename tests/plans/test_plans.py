"""Among a million messages nobody is answered by reading more than it takes.

Every plan is looked at: how many rows it read, how many pages, and whether it read a big table from
one end to the other.
"""

import pytest
from sqlalchemy import text

from tests.plans.asking import ACTIONS, QUESTIONS, Ask
from tests.plans.conftest import Library
from tests.plans.crowd import MINE, PEOPLE_IN_EACH
from tests.plans.reading import Read

# A thing that is shown lies in a few tables: a message, what it quotes, how often it was answered,
# what was thought of it, and by whom; a conversation, its log, one's own place in it. The rest is
# who asks, and whether they may. Some messages here have several replies and reactions.
ROWS_OF_A_THING, ROWS_BESIDE = 7, 25
# From the root of an index to its leaf, and then to the table. The rest is what is touched by who
# writes: each index, and the map of where there is room.
PAGES_OF_A_ROW, PAGES_BESIDE = 4, 300


def excess(read: Read, things: int, big: set[str]) -> str:
    """What was read that need not be, for whoever mends it; empty if all is well."""
    rows_max = ROWS_OF_A_THING * things + ROWS_BESIDE
    pages_max = PAGES_OF_A_ROW * rows_max + PAGES_BESIDE
    whole = {name for plan in read.plans for name in plan.whole_tables} & big
    if whole or read.rows > rows_max or read.pages > pages_max:
        return f"{read.rows} rows of {rows_max}, {read.pages} pages of {pages_max}, {whole}\n{read}"
    return ""


@pytest.mark.parametrize("name", [*QUESTIONS, *ACTIONS])
async def test_nothing_is_read_in_vain(library: Library, name: str) -> None:
    ask = (QUESTIONS | ACTIONS)[name]

    answer, read = await library.ask(ask)

    assert answer.is_success, answer.text
    assert not excess(read, ask.things, library.big_tables)


async def test_the_next_page_of_the_list_costs_as_much(library: Library) -> None:
    first, _ = await library.ask(QUESTIONS["a page of the list"])

    second, read = await library.ask(Ask(first.links["next"]["url"], MINE))

    assert len(second.json()) == 20
    # All of one's own again, to see whether there is something before it.
    assert not excess(read, 2 * MINE, library.big_tables)


@pytest.mark.parametrize(
    ("name", "things"),
    [
        ("the newest", 1),
        ("the newest 200", 1),
        ("opening", PEOPLE_IN_EACH),
        ("pins", 1),
        ("the list", MINE * (1 + PEOPLE_IN_EACH)),
    ],
)
async def test_who_knows_the_answer_costs_no_message(
    library: Library, name: str, things: int
) -> None:
    ask = QUESTIONS[name]
    answer, _ = await library.ask(ask)

    again, read = await library.ask(ask, known=answer.headers["ETag"])

    assert again.status_code == 304
    assert "messages" not in read.tables
    assert not excess(read, things, library.big_tables)


async def test_a_missing_index_is_found_out(library: Library) -> None:
    """Without it these tests would pass whatever was read."""
    ask, index = QUESTIONS["pins"], "ix_messages_pinned_at"
    async with library.engine.begin() as connection:
        definition = await connection.scalar(text(f"SELECT pg_get_indexdef('{index}'::regclass)"))
        await connection.execute(text(f"DROP INDEX {index}"))

    # Whoever has kept the answer would not ask for it.
    await library.ask(ACTIONS["posting"])
    _, without = await library.ask(ask)

    async with library.engine.begin() as connection:
        await connection.execute(text(definition))
    await library.ask(ACTIONS["posting"])
    _, read = await library.ask(ask)
    assert excess(without, ask.things, library.big_tables)
    assert not excess(read, ask.things, library.big_tables)
