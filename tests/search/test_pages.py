"""GET /search: its order, and walking through what was found, there and back."""

from typing import Any

import pytest

from tests.answers import refusal
from tests.counting import count_queries
from tests.search.conftest import Talk

pytestmark = pytest.mark.usefixtures("way")


async def test_the_newest_come_first(talk: Talk) -> None:
    other = await talk.house.conversation(talk.bob, talk.mallory)
    await talk.say("word 1")
    await talk.house.message(other, talk.mallory, "word 2")
    await talk.say("word 3", "nothing")

    assert await talk.found("word") == ["word 3", "word 2", "word 1"]
    assert await talk.found("word", sort="newest") == ["word 3", "word 2", "word 1"]


async def test_the_best_are_whole_words_then_beginnings_then_parts(talk: Talk) -> None:
    await talk.say("мир!", "a (word)", "words", "swords", "word", "sword", "wordy")

    assert await talk.found("word", sort="best") == [
        "word",
        "a (word)",
        "wordy",
        "words",
        "sword",
        "swords",
    ]


async def test_words_in_a_row_are_better_than_words_apart(talk: Talk) -> None:
    await talk.say("red car", "car, red", "red cars")

    assert await talk.found("red car", sort="best") == ["red car", "red cars", "car, red"]


@pytest.mark.parametrize("sort", ["newest", "best"])
@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
async def test_pages_visit_each_once_there_and_back(talk: Talk, size: int, sort: str) -> None:
    words = ("word", "sword", "wordy")
    await talk.say(*(f"{words[number % 3]} {number}" for number in range(7)))
    everything = await talk.found("word", sort=sort)
    assert len(everything) == 7

    page = await talk.search("word", limit=size, sort=sort)
    forwards = [hit["message"]["body"] for hit in page.json()["hits"]]
    assert "prev" not in page.links
    while link := page.links.get("next"):
        page = await talk.bob.client.get(link["url"])
        forwards += [hit["message"]["body"] for hit in page.json()["hits"]]
        assert len(forwards) <= 7, "it goes round and round"
    backwards = [hit["message"]["body"] for hit in page.json()["hits"]]
    while link := page.links.get("prev"):
        page = await talk.bob.client.get(link["url"])
        backwards = [hit["message"]["body"] for hit in page.json()["hits"]] + backwards
        assert len(backwards) <= 7, "it goes round and round"

    assert forwards == backwards == everything
    assert "next" in page.links or size >= 7


@pytest.mark.parametrize("sort", ["newest", "best"])
async def test_links_keep_what_was_asked(talk: Talk, sort: str) -> None:
    first, *_ = await talk.say(*(f"50% & more=less? {number}" for number in range(4)))
    await talk.say("50% & more", author=talk.bob)
    asked: dict[str, Any] = {
        "conversation_id": talk.conversation.id,
        "author_id": talk.alice.id,
        "after": first["created_at"],
        "sort": sort,
    }

    page = await talk.search("50% & more", limit=2, **asked)
    rest = await talk.bob.client.get(page.links["next"]["url"])

    bodies = [hit["message"]["body"] for hit in page.json()["hits"] + rest.json()["hits"]]
    assert bodies == [f"50% & more=less? {number}" for number in (3, 2, 1)]
    assert set(rest.links) == {"prev"}


async def test_a_page_neither_skips_nor_repeats_what_comes_meanwhile(talk: Talk) -> None:
    await talk.say("word 1", "word 2", "word 3")

    page = await talk.search("word", limit=2)
    await talk.say("word 4")
    rest = await talk.bob.client.get(page.links["next"]["url"])

    assert [hit["message"]["body"] for hit in rest.json()["hits"]] == ["word 1"]


async def test_twenty_come_without_a_limit_and_fifty_at_most(talk: Talk) -> None:
    await talk.say(*(f"word {number}" for number in range(52)))

    assert len(await talk.hits("word")) == 20
    assert len(await talk.hits("word", limit=0)) == 20
    assert len(await talk.hits("word", limit=200)) == 50


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "ünïcode", "WzEsMiwzXQ", "WyIiLDAsZmFsc2Vd", "WyJ4IiwxLGZhbHNlXQ"]
)
@pytest.mark.parametrize("sort", ["newest", "best"])
async def test_a_cursor_that_we_did_not_make_is_refused(talk: Talk, cursor: str, sort: str) -> None:
    answer = await talk.search("a", cursor=cursor, sort=sort)

    assert refusal(answer) == (422, "cursor_invalid")


@pytest.mark.parametrize(("sort", "other"), [("newest", "best"), ("best", "newest")])
async def test_a_cursor_is_of_one_order(talk: Talk, sort: str, other: str) -> None:
    await talk.say("word 1", "word 2")
    page = await talk.search("word", limit=1, sort=sort)

    mixed = page.links["next"]["url"].replace(f"sort={sort}", f"sort={other}")

    assert refusal(await talk.bob.client.get(mixed)) == (422, "cursor_invalid")


@pytest.mark.parametrize(("sort", "most"), [("newest", 10), ("best", 9)])
async def test_a_search_costs_a_fixed_number_of_queries(talk: Talk, sort: str, most: int) -> None:
    await talk.say(*(f"word {number}" for number in range(30)))
    page = await talk.search("word", limit=2, sort=sort)

    for size in (2, 20):
        url = page.links["next"]["url"].replace("limit=2", f"limit={size}")
        async with count_queries(talk.house) as queries:
            assert len((await talk.bob.client.get(url)).json()["hits"]) == size
        assert len(queries) <= most
