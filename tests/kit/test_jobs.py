"""Background jobs: in the transaction that causes them, again when they fail, never lost."""

from typing import Any

import pytest

from app.kit.jobs import House as Furniture
from app.kit.jobs import enqueue
from tests.factories import House
from tests.jobs import run_jobs


class Diary:
    """A job that only remembers."""

    def __init__(self) -> None:
        self.payloads: list[dict[str, Any]] = []

    async def __call__(self, house: Furniture, payload: dict[str, Any]) -> None:
        self.payloads.append(payload)


@pytest.fixture(params=["house", "live_house"])
def any_house(request: pytest.FixtureRequest) -> House:
    """In a transaction that is rolled back, and in many that are committed."""
    house: House = request.getfixturevalue(request.param)
    return house


async def test_what_is_enqueued_runs_once(any_house: House) -> None:
    diary = Diary()
    async with any_house.session() as session:
        await enqueue(session, "remember", {"who": "Ünal", "ids": [1, 2]})

    assert await run_jobs(any_house, {"remember": diary}) == ["remember"]
    assert await run_jobs(any_house, {"remember": diary}) == []

    assert diary.payloads == [{"who": "Ünal", "ids": [1, 2]}]


async def test_what_is_rolled_back_was_never_enqueued(any_house: House) -> None:
    diary = Diary()
    with pytest.raises(LookupError):
        async with any_house.session() as session:
            await enqueue(session, "remember", {"n": 1})
            raise LookupError
    async with any_house.session() as session:
        with pytest.raises(LookupError):
            async with session.begin_nested():
                await enqueue(session, "remember", {"n": 2})
                raise LookupError
        await enqueue(session, "remember", {"n": 3})

    await run_jobs(any_house, {"remember": diary})

    assert diary.payloads == [{"n": 3}]


async def test_mail(house: House, mailbox: Any) -> None:
    async with house.session() as session:
        await enqueue(
            session,
            "mail.send",
            {"to": "a@example.com", "subject": "S", "text": "Hello\nhttps://x.example/y\n"},
        )
    await run_jobs(house)
    assert mailbox.only("a@example.com").link == "https://x.example/y"
