"""ETag and If-None-Match of the history."""

import httpx
import pytest

from tests.answers import refusal
from tests.counting import count_queries
from tests.messages.conftest import Chat


async def asked_again(chat: Chat, tag: str, **query: object) -> httpx.Response:
    params = {name: str(value) for name, value in query.items()}
    return await chat.bob.client.get(chat.path, params=params, headers={"If-None-Match": tag})


async def test_a_page_that_is_known_is_not_sent_again(chat: Chat) -> None:
    await chat.said(3)
    first = await chat.page()

    again = await asked_again(chat, first.headers["etag"])

    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == first.headers["etag"]


async def test_an_unchanged_page_costs_no_query_of_messages(chat: Chat) -> None:
    await chat.said(3)

    async with count_queries(chat.house) as of_a_page:
        tag = (await chat.page()).headers["etag"]
    async with count_queries(chat.house) as of_a_304:
        await asked_again(chat, tag)

    assert any("FROM messages" in query for query in of_a_page)
    assert not any("FROM messages" in query for query in of_a_304)


async def test_a_new_message_makes_another_page(chat: Chat) -> None:
    await chat.said(3)
    first = await chat.page()
    await chat.post("new")

    again = await asked_again(chat, first.headers["etag"])

    assert again.status_code == 200
    assert again.headers["etag"] != first.headers["etag"]
    assert again.json()["messages"][-1]["body"] == "new"


async def test_each_page_has_a_tag_of_its_own(chat: Chat) -> None:
    await chat.said(3)
    queries: list[dict[str, object]] = [
        {},
        {"limit": 1},
        {"before": 2},
        {"after": 2},
        {"before": 3},
        {"after": 1, "limit": 1},
    ]

    tags = {(await chat.page(**query)).headers["etag"] for query in queries}

    assert len(tags) == len(queries)


@pytest.mark.parametrize("form", ["W/{}", '"x", {}', '"x" ,W/{} , "y"', "*"])
async def test_the_tag_may_come_in_many_forms(chat: Chat, form: str) -> None:
    await chat.said(1)
    tag = (await chat.page()).headers["etag"]

    assert (await asked_again(chat, form.format(tag))).status_code == 304


@pytest.mark.parametrize("tag", ["", "x", '"', ",,,", '"x"', "W/", "\xff", '"' + "x" * 4_000 + '"'])
async def test_a_tag_that_is_not_ours_gets_the_page(chat: Chat, tag: str) -> None:
    headers = {b"If-None-Match": tag.encode("latin-1")}

    page = await chat.bob.client.get(chat.path, headers=headers)

    assert page.status_code == 200


async def test_knowing_the_tag_opens_no_door(chat: Chat) -> None:
    await chat.said(1)
    tag = (await chat.page()).headers["etag"]

    outsider = await chat.mallory.client.get(chat.path, headers={"If-None-Match": tag})

    assert refusal(outsider) == (404, "not_found")


async def test_answers_are_private_and_vary_with_who_asks(chat: Chat) -> None:
    page = await chat.page()
    unchanged = await asked_again(chat, page.headers["etag"])

    for answer in (page, unchanged):
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Cookie, Authorization"


async def test_a_page_costs_a_fixed_number_of_queries(chat: Chat) -> None:
    await chat.said(1)
    async with count_queries(chat.house) as of_one:
        await chat.page()
    await chat.said(40)
    async with count_queries(chat.house) as of_many:
        await chat.page()

    assert len(of_one) == len(of_many) == 3


async def test_posting_costs_a_fixed_number_of_queries(chat: Chat) -> None:
    await chat.said(2)

    async with count_queries(chat.house) as queries:
        assert (await chat.post("Hello")).status_code == 201

    assert len(queries) <= 5
