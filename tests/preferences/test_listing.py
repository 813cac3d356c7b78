"""GET /conversations, by what they are to oneself"""

import pytest

from app.conversations.queries import Cards
from app.models import Conversation
from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House, Person
from tests.preferences.own import edit, listed


@pytest.fixture
async def alice(house: House) -> Person:
    return await house.person("alice")


@pytest.fixture
async def talks(house: House, alice: Person) -> list[Conversation]:
    """The most recently active first: archived, a favourite, both, neither."""
    others = [await house.person(), await house.person()]
    talks = [await house.conversation(alice, *others) for _ in range(4)]
    for talk in reversed(talks):
        await house.message(talk, alice)
    await edit(alice, talks[0], archived=True)
    await edit(alice, talks[1], favourite=True)
    await edit(alice, talks[2], archived=True, favourite=True)
    for talk in talks:
        await edit(others[0], talk, archived=True, favourite=True)
    return talks


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", [0, 1, 2, 3]),
        ("?archived=true", [0, 2]),
        ("?archived=false", [1, 3]),
        ("?favourite=true", [1, 2]),
        ("?favourite=false", [0, 3]),
        ("?archived=false&favourite=true", [1]),
        ("?archived=true&favourite=true", [2]),
    ],
)
async def test_the_list_is_of_those_that_are_wanted_in_the_same_order(
    alice: Person, talks: list[Conversation], query: str, wanted: list[int]
) -> None:
    assert list(await listed(alice, query)) == [talks[index].id for index in wanted]


@pytest.mark.parametrize("name", ["archived", "favourite"])
@pytest.mark.parametrize("value", ["", "maybe", "2", "null", "\0"])
async def test_what_is_neither_true_nor_false_is_refused(
    alice: Person, name: str, value: str
) -> None:
    answer = await alice.client.get("/conversations", params={name: value})

    assert refusal(answer) == (422, f"{name}_not_a_boolean")


@pytest.mark.parametrize(("query", "wanted"), [("archived=true", [0, 2]), ("favourite=0", [0, 3])])
async def test_pages_go_on_with_what_is_wanted(
    alice: Person, talks: list[Conversation], query: str, wanted: list[int]
) -> None:
    first = await alice.client.get(f"/conversations?limit=1&{query}")
    second = await alice.client.get(first.links["next"]["url"])
    back = await alice.client.get(second.links["prev"]["url"])

    pages = [[one["id"] for one in page.json()] for page in (first, second, back)]
    assert pages == [[talks[wanted[at]].id] for at in (0, 1, 0)]
    assert "next" not in second.links
    assert "=true" in first.headers["link"] or "=false" in first.headers["link"]


async def test_an_archived_conversation_stays_so_when_something_is_said(
    house: House, alice: Person, talks: list[Conversation]
) -> None:
    await house.message(talks[2], alice)

    assert list(await listed(alice, "?archived=true")) == [talks[2].id, talks[0].id]


async def test_every_change_changes_the_tags(alice: Person, talks: list[Conversation]) -> None:
    async def tags() -> tuple[str, str]:
        path = f"/conversations/{talks[3].id}"
        answers = [await alice.client.get(address) for address in ("/conversations", path)]
        return answers[0].headers["etag"], answers[1].headers["etag"]

    seen = [await tags()]
    for named in (
        {"archived": True},
        {"favourite": True},
        {"notifications": "mentions"},
        {"muted_until": "forever"},
        {"muted_until": "2999-01-01"},
    ):
        await edit(alice, talks[3], **named)
        seen.append(await tags())

    assert len({of_list for of_list, _ in seen}) == len({of_one for _, of_one in seen}) == 6
    assert await tags() == seen[-1]


async def test_a_filter_costs_no_query(
    house: House, alice: Person, talks: list[Conversation]
) -> None:
    async def cost(query: str) -> int:
        async with count_queries(house) as queries:
            assert await listed(alice, query)
        return len(queries)

    for query in ("", "?archived=true", "?favourite=false", "?archived=false&favourite=true"):
        house.state["cards"] = Cards()
        assert await cost(query) == 3, "who asks, what it is to them, and what everybody is shown"
        assert await cost(query) == 2, "the last is kept"
