"""GET /conversations/:id/messages?around=: jumping to a message."""

import pytest

from tests.answers import refusal
from tests.counting import count_queries
from tests.messages.conftest import Chat


async def test_half_the_page_is_older_and_half_begins_at_the_place(chat: Chat) -> None:
    await chat.said(9)

    assert await chat.seqs(around=5, limit=4) == [3, 4, 5, 6]
    assert await chat.seqs(around=5, limit=5) == [3, 4, 5, 6, 7]
    assert await chat.seqs(around=5, limit=1) == [5]
    assert await chat.seqs(around=5) == list(range(1, 10))


async def test_at_the_ends_there_is_less(chat: Chat) -> None:
    await chat.said(9)

    assert await chat.seqs(around=1, limit=4) == [1, 2]
    assert await chat.seqs(around=0, limit=4) == [1, 2]
    assert await chat.seqs(around=9, limit=4) == [7, 8, 9]
    assert await chat.seqs(around=10, limit=4) == [8, 9]
    assert await chat.seqs(around=2**63, limit=4) == [8, 9]


async def test_a_place_may_be_a_time(chat: Chat) -> None:
    messages = await chat.said(5)

    assert await chat.seqs(around=messages[2]["created_at"], limit=2) == [2, 3]


@pytest.mark.parametrize(
    ("place", "limit", "rels"),
    [
        (5, 4, {"prev", "next"}),
        (3, 4, {"next"}),
        (8, 4, {"prev"}),
        (5, 50, set()),
        (1, 1, {"next"}),
        (9, 1, {"prev"}),
        (99, 1, {"prev"}),
    ],
)
async def test_links_are_where_there_is_something(
    chat: Chat, place: int, limit: int, rels: set[str]
) -> None:
    await chat.said(9)

    assert set((await chat.page(around=place, limit=limit)).links) == rels


@pytest.mark.parametrize("place", [0, 1, 5, 8, 9, 10, 99])
@pytest.mark.parametrize("limit", [1, 2, 3])
async def test_links_lead_to_everything_else_once(chat: Chat, place: int, limit: int) -> None:
    await chat.said(9)
    page = first = await chat.page(around=place, limit=limit)
    seqs = [message["seq"] for message in page.json()["messages"]]

    while link := page.links.get("prev"):
        page = await chat.bob.client.get(link["url"])
        seqs = [message["seq"] for message in page.json()["messages"]] + seqs
        assert len(seqs) <= 9, "it goes round and round"
    page = first
    while link := page.links.get("next"):
        page = await chat.bob.client.get(link["url"])
        seqs += [message["seq"] for message in page.json()["messages"]]
        assert len(seqs) <= 9, "it goes round and round"

    assert seqs == list(range(1, 10))


async def test_the_page_info_leads_on_in_both_directions(chat: Chat) -> None:
    await chat.said(9)
    info = (await chat.page(around=5, limit=2)).json()["page_info"]

    assert info["count"] == 2
    assert await chat.seqs(before=info["cursor"]["before"], limit=2) == [2, 3]
    assert await chat.seqs(after=info["cursor"]["after"], limit=2) == [6, 7]


async def test_a_silent_conversation_has_nothing_around_anything(chat: Chat) -> None:
    page = await chat.page(around=5)

    assert page.json() == {
        "messages": [],
        "page_info": {
            "count": 0,
            "oldest": None,
            "newest": None,
            "cursor": {"before": None, "after": None},
        },
    }
    assert page.links == {}


async def test_around_is_a_place_of_its_own(chat: Chat) -> None:
    await chat.said(3)

    assert await chat.seqs(around=2, limit=2) == [1, 2]
    for other in ("before", "after"):
        answer = await chat.page(around=2, **{other: 1})
        assert refusal(answer) == (422, "around_conflict")
    assert refusal(await chat.page(around="soon")) == (422, "around_invalid")


async def test_an_unchanged_page_around_a_place_is_not_sent_again(chat: Chat) -> None:
    await chat.said(3)
    tag = (await chat.page(around=2)).headers["etag"]

    async def again(place: int) -> int:
        answer = await chat.bob.client.get(
            chat.path, params={"around": place}, headers={"If-None-Match": tag}
        )
        return answer.status_code

    assert await again(2) == 304
    assert await again(3) == 200


async def test_jumping_costs_a_fixed_number_of_queries(chat: Chat) -> None:
    await chat.said(30)

    for limit in (2, 20):
        async with count_queries(chat.house) as queries:
            await chat.page(around=15, limit=limit)
        assert len(queries) == 3
