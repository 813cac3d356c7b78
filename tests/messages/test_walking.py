"""Walking the history, backwards and forwards: each message is visited once."""

import pytest

from tests.messages.conftest import Chat

COUNT = 15
EVERY_SEQ = list(range(1, COUNT + 1))
SIZES = [1, 2, 7, COUNT, COUNT + 1]


@pytest.fixture
async def long_chat(chat: Chat) -> Chat:
    await chat.said(COUNT)
    return chat


@pytest.mark.parametrize("size", SIZES)
async def test_backwards_by_the_cursor_visits_each_message_once(long_chat: Chat, size: int) -> None:
    walked: list[int] = []
    query: dict[str, object] = {"limit": size}
    while (page := (await long_chat.page(**query)).json())["messages"]:
        walked = [message["seq"] for message in page["messages"]] + walked
        query["before"] = page["page_info"]["cursor"]["before"]
        assert len(walked) <= COUNT, "it goes round and round"

    assert walked == EVERY_SEQ


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("start", ["0", "1999-01-01T00:00:00Z"])
async def test_forwards_by_the_cursor_visits_each_message_once(
    long_chat: Chat, size: int, start: str
) -> None:
    walked: list[int] = []
    query: dict[str, object] = {"limit": size, "after": start}
    while (page := (await long_chat.page(**query)).json())["messages"]:
        walked += [message["seq"] for message in page["messages"]]
        query["after"] = page["page_info"]["cursor"]["after"]
        assert len(walked) <= COUNT, "it goes round and round"

    assert walked == EVERY_SEQ


@pytest.mark.parametrize("size", SIZES)
async def test_links_lead_to_the_beginning_and_back_to_the_end(long_chat: Chat, size: int) -> None:
    page = await long_chat.page(limit=size)
    backwards = [message["seq"] for message in page.json()["messages"]]
    while link := page.links.get("prev"):
        page = await long_chat.bob.client.get(link["url"])
        backwards = [message["seq"] for message in page.json()["messages"]] + backwards
        assert len(backwards) <= COUNT, "it goes round and round"
    forwards = [message["seq"] for message in page.json()["messages"]]
    while link := page.links.get("next"):
        page = await long_chat.bob.client.get(link["url"])
        forwards += [message["seq"] for message in page.json()["messages"]]
        assert len(forwards) <= COUNT, "it goes round and round"

    assert backwards == forwards == EVERY_SEQ


async def test_a_link_is_given_only_where_there_is_something(long_chat: Chat) -> None:
    last = COUNT

    assert set((await long_chat.page(limit=5)).links) == {"prev"}
    assert set((await long_chat.page(limit=last)).links) == set()
    assert set((await long_chat.page(before=3, limit=5)).links) == {"next"}
    assert set((await long_chat.page(before=6, limit=2)).links) == {"prev", "next"}
    assert set((await long_chat.page(after=6, limit=2)).links) == {"prev", "next"}
    assert set((await long_chat.page(after=last - 1)).links) == {"prev"}
    assert set((await long_chat.page(after=0, limit=last)).links) == set()


async def test_an_empty_page_links_to_where_the_messages_are(long_chat: Chat) -> None:
    before_all = await long_chat.page(before=1, limit=COUNT)
    after_all = await long_chat.page(after=COUNT, limit=COUNT)

    for page, rel in ((before_all, "next"), (after_all, "prev")):
        assert page.json()["messages"] == []
        assert set(page.links) == {rel}
        neighbour = await long_chat.bob.client.get(page.links[rel]["url"])
        assert [message["seq"] for message in neighbour.json()["messages"]] == EVERY_SEQ


async def test_a_link_does_not_repeat_the_host(long_chat: Chat) -> None:
    page = await long_chat.bob.client.get(
        long_chat.path, params={"limit": 1}, headers={"host": "evil.example"}
    )

    assert page.headers["link"].startswith(f"<{long_chat.path}?")


async def test_an_empty_page_repeats_the_cursor(long_chat: Chat) -> None:
    newest = (await long_chat.page()).json()["page_info"]["newest"]

    by_time = (await long_chat.page(after=newest)).json()["page_info"]
    by_seq = (await long_chat.page(after=COUNT)).json()["page_info"]
    older = (await long_chat.page(before="1")).json()["page_info"]

    assert by_time["count"] == by_seq["count"] == older["count"] == 0
    assert by_time["oldest"] is by_time["newest"] is None
    assert by_time["cursor"] == {"before": None, "after": newest}
    assert by_seq["cursor"] == {"before": None, "after": str(COUNT)}
    assert older["cursor"] == {"before": "1", "after": None}


async def test_a_poller_misses_nothing(chat: Chat) -> None:
    heard: list[str] = []
    place: object = 0
    for number in range(12):
        if number % 3:
            await chat.post(f"Message {number}")
        page = (await chat.page(after=place, limit=1)).json()
        heard += [message["body"] for message in page["messages"]]
        place = page["page_info"]["cursor"]["after"]

    assert heard == [f"Message {number}" for number in range(12) if number % 3]


@pytest.mark.parametrize("query", [{"before": 0}, {"before": 1}, {"after": COUNT}])
async def test_an_empty_page_leads_to_everything(long_chat: Chat, query: dict[str, object]) -> None:
    empty = await long_chat.page(**query)
    assert empty.json()["messages"] == []

    ((_, link),) = empty.links.items()
    page = await long_chat.bob.client.get(link["url"])

    assert [message["seq"] for message in page.json()["messages"]] == EVERY_SEQ
