"""Many writers at once, and a reader who pages along."""

import asyncio
from itertools import pairwise

from tests.messages.conftest import Chat

WRITERS, EACH = 16, 10


async def test_a_reader_beside_sixteen_writers_misses_nothing(live_chat: Chat) -> None:
    total = WRITERS * EACH

    async def write(writer: int) -> None:
        client = (live_chat.alice if writer % 2 else live_chat.bob).client
        for number in range(EACH):
            posted = await client.post(live_chat.path, json={"body": f"{writer}:{number}"})
            assert posted.status_code == 201

    async def follow(place: str) -> list[dict[str, object]]:
        heard: list[dict[str, object]] = []
        while len(heard) < total:
            page = (await live_chat.page(after=place, limit=7)).json()
            heard += page["messages"]
            place = page["page_info"]["cursor"]["after"]
        return heard

    async with asyncio.timeout(30), asyncio.TaskGroup() as tasks:
        by_time = tasks.create_task(follow("1999-01-01T00:00:00Z"))
        by_seq = tasks.create_task(follow("0"))
        for writer in range(WRITERS):
            tasks.create_task(write(writer))

    heard = by_time.result()
    assert by_seq.result() == heard
    assert [message["seq"] for message in heard] == list(range(1, total + 1))
    assert len({message["body"] for message in heard}) == total
    assert all(a["created_at"] < b["created_at"] for a, b in pairwise(heard))  # type: ignore[operator]
    assert all(a["id"] < b["id"] for a, b in pairwise(heard))  # type: ignore[operator]


async def test_first_messages_at_once_all_arrive(live_chat: Chat) -> None:
    """Nobody has a place in this log yet, and all want to be the first."""
    answers = await asyncio.gather(*(live_chat.post(f"Hello {n}") for n in range(12)))

    assert {answer.status_code for answer in answers} == {201}
    assert sorted(answer.json()["seq"] for answer in answers) == list(range(1, 13))
