"""GET /conversations/:id/messages: which page it is."""

from datetime import datetime, timedelta, timezone

import pytest

from tests.answers import refusal
from tests.messages.conftest import Chat


async def test_the_page_info_describes_the_page_exactly(chat: Chat) -> None:
    messages = await chat.said(3)

    page = await chat.page()

    assert page.status_code == 200
    assert page.json() == {
        "messages": messages,
        "page_info": {
            "count": 3,
            "oldest": messages[0]["created_at"],
            "newest": messages[2]["created_at"],
            "cursor": {
                "before": messages[0]["created_at"],
                "after": messages[2]["created_at"],
            },
        },
    }


async def test_a_silent_conversation_has_an_empty_page(chat: Chat) -> None:
    page = await chat.page()

    assert page.json() == {
        "messages": [],
        "page_info": {
            "count": 0,
            "oldest": None,
            "newest": None,
            "cursor": {"before": None, "after": None},
        },
    }


async def test_the_newest_fifty_come_without_a_question(chat: Chat) -> None:
    await chat.said(51)

    assert await chat.seqs() == list(range(2, 52))


async def test_bounds_are_exclusive_by_seq(chat: Chat) -> None:
    await chat.said(5)

    assert await chat.seqs(before=3) == [1, 2]
    assert await chat.seqs(after=3) == [4, 5]
    assert await chat.seqs(before=1) == []
    assert await chat.seqs(after=5) == []
    assert await chat.seqs(after=0) == [1, 2, 3, 4, 5]


async def test_bounds_are_exclusive_by_time(chat: Chat) -> None:
    messages = await chat.said(5)
    third = messages[2]["created_at"]

    assert await chat.seqs(before=third) == [1, 2]
    assert await chat.seqs(after=third) == [4, 5]


async def test_before_gives_the_nearest(chat: Chat) -> None:
    messages = await chat.said(6)

    assert await chat.seqs(before=5, limit=2) == [3, 4]
    assert await chat.seqs(before=messages[4]["created_at"], limit=2) == [3, 4]


async def test_after_gives_the_nearest(chat: Chat) -> None:
    messages = await chat.said(6)

    assert await chat.seqs(after=2, limit=2) == [3, 4]
    assert await chat.seqs(after=messages[1]["created_at"], limit=2) == [3, 4]


async def test_after_wins_over_before(chat: Chat) -> None:
    await chat.said(6)

    assert await chat.seqs(after=4, before=3) == [5, 6]
    assert await chat.seqs(after=2, before=4) == [3, 4, 5, 6]


CLAMPED = {
    "1": 1,
    "2": 2,
    "200": 200,
    "201": 200,
    "99999999999999999999": 200,
    "9" * 5_000: 200,
    "0": 50,
    "-1": 50,
    "-5": 50,
    "-99999999999999999999": 50,
    "0007": 7,
    "": 50,
}


@pytest.mark.parametrize(("limit", "count"), CLAMPED.items(), ids=[key[:8] for key in CLAMPED])
async def test_a_limit_is_clamped(chat: Chat, limit: str, count: int) -> None:
    await chat.said(3)

    page = await chat.page(limit=limit)

    assert page.status_code == 200
    assert page.json()["page_info"]["count"] == min(3, count)


async def test_a_limit_is_clamped_to_200_and_defaults_to_50(chat: Chat) -> None:
    await chat.said(202)

    assert len(await chat.seqs(limit=200)) == 200
    assert len(await chat.seqs(limit=201)) == 200
    assert len(await chat.seqs(limit="99999999999999999999")) == 200
    assert len(await chat.seqs(limit=0)) == 50
    assert len(await chat.seqs(limit=-5)) == 50
    assert len(await chat.seqs(limit="")) == 50


@pytest.mark.parametrize("limit", ["abc", "1.5", "1e3", "0x10", "٤٢", "½", "1 ", "--1", "NaN"])
async def test_a_limit_that_is_no_number_is_refused(chat: Chat, limit: str) -> None:
    refused = await chat.page(limit=limit)

    assert refusal(refused) == (422, "limit_not_an_integer")


async def test_a_seq_beyond_64_bits_is_after_everything(chat: Chat) -> None:
    await chat.said(2)

    for huge in (2**63 - 1, 2**63, 2**64, 10**25):
        assert await chat.seqs(before=huge) == [1, 2]
        assert await chat.seqs(after=huge) == []


def spellings(time: str) -> dict[str, str]:
    """Other ways to write the same moment."""
    moment = datetime.fromisoformat(time)
    india = moment.astimezone(timezone(timedelta(hours=5, minutes=30)))
    newfoundland = moment.astimezone(timezone(-timedelta(hours=3, minutes=30)))
    return {
        "as answered": time,
        "naive": moment.replace(tzinfo=None).isoformat(),
        "with an offset of zero": moment.isoformat(),
        "east": india.isoformat(),
        "west": newfoundland.isoformat(),
        "a space for the T": time.replace("T", " "),
    }


async def test_a_time_may_be_written_in_many_ways(chat: Chat) -> None:
    messages = await chat.said(3)

    for spelling, time in spellings(messages[1]["created_at"]).items():
        assert await chat.seqs(before=time) == [1], spelling
        assert await chat.seqs(after=time) == [3], spelling


async def test_a_plus_that_was_not_escaped_is_understood(chat: Chat) -> None:
    messages = await chat.said(3)
    east = spellings(messages[1]["created_at"])["east"]

    page = await chat.bob.client.get(f"{chat.path}?after={east}")

    assert "+05:30" in east
    assert [message["seq"] for message in page.json()["messages"]] == [3]


async def test_whole_seconds_and_days_are_fine(chat: Chat) -> None:
    await chat.said(2)
    tomorrow = datetime.now().astimezone() + timedelta(days=1)

    for time in ("2001-02-03T04:05:06Z", "2001-02-03T04:05:06", "2001-02-03T04:05Z", "2001-02-03"):
        assert await chat.seqs(after=time) == [1, 2]
        assert await chat.seqs(before=time) == []
    assert await chat.seqs(before=tomorrow.isoformat(timespec="seconds")) == [1, 2]


async def test_a_time_may_be_cut_to_milliseconds(chat: Chat) -> None:
    """JavaScript's clock has no microseconds: nothing may be lost, something may come twice."""
    messages = await chat.said(1)
    cut = messages[0]["created_at"][:-4] + "Z"

    assert await chat.seqs(after=cut) in ([1], [])
    assert await chat.seqs(after=datetime.fromisoformat(cut) - timedelta(milliseconds=1)) == [1]


NO_PLACE = [
    "yesterday",
    "1.5",
    "-1",
    "1e3",
    "٤٢",
    "2024-13-01T00:00:00Z",
    "2024-02-30T00:00:00Z",
    "2024-01-01T25:00:00Z",
    "2024-01-01T00:00:00+99:00",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "99999-01-01T00:00:00Z",
    "infinity",
    "now",
    "null",
    "\0",
    "2024-01-01T00:00:00Z' OR 1=1",
]


@pytest.mark.parametrize("place", NO_PLACE)
@pytest.mark.parametrize("name", ["before", "after"])
async def test_what_is_neither_seq_nor_time_is_refused(chat: Chat, name: str, place: str) -> None:
    refused = await chat.page(**{name: place})

    assert refusal(refused) == (422, f"{name}_invalid")


async def test_an_outsider_cannot_read_the_history(chat: Chat) -> None:
    await chat.said(1)

    outsider = await chat.mallory.client.get(chat.path)
    nobody = await chat.house.client().get(chat.path)

    assert refusal(outsider) == (404, "not_found")
    assert refusal(nobody) == (401, "unauthenticated")
    assert await chat.seqs() == [1]
