"""Posts, withdrawals, edits, marks, and people who come and go, all at once on two workers."""

import asyncio
from collections import Counter
from random import Random

import httpx
import pytest

from app.kit.settings import Settings
from tests.conftest import serve
from tests.factories import Person
from tests.members.groups import Group
from tests.members.test_at_once import elsewhere
from tests.receipts.recounting import all_is_counted

ROUNDS, AT_ONCE = 12, 16
WORDS = ("Hello", "@bob", "@carol @dave", "@everyone", "@everyone @mallory")


class Bustle:
    """Bob, Carol, Dave and Mallory do anything; Alice owns the group, and brings people back."""

    def __init__(self, group: Group, people: list[Person], random: Random) -> None:
        self.group, self.people, self.random = group, people, random
        self.said: list[tuple[int, Person]] = []
        self.done: Counter[str] = Counter()

    async def act(self) -> None:
        acts = [self._post, self._post, self._post, self._withdraw, self._edit]
        marks = [self._mark, self._mark, self._mark, self._mark]
        act = self.random.choice([*acts, *marks, self._come, self._come, self._go, self._prefer])
        answer = await act()
        assert answer.status_code < 500, answer.text
        self.done[act.__name__] += answer.is_success

    def _anybody(self) -> Person:
        return self.random.choice(self.people)

    def _words(self) -> str:
        return f"{self.random.choice(WORDS)} {self.random.randrange(1_000)}"

    def _message(self) -> tuple[str, Person]:
        """One of the last, and who wrote it."""
        id, author = self.random.choice(self.said[-8:])
        return f"{self.group.path}/messages/{id}", author

    async def _post(self) -> httpx.Response:
        author = self._anybody()
        answer = await self.group.post(author, self._words())
        if answer.is_success:
            self.said.append((answer.json()["id"], author))
        return answer

    async def _withdraw(self) -> httpx.Response:
        path, author = self._message()
        return await author.client.delete(path)

    async def _edit(self) -> httpx.Response:
        path, author = self._message()
        return await author.client.patch(path, json={"body": self._words()})

    async def _mark(self) -> httpx.Response:
        kind = self.random.choice(("read", "read", "unread", "delivered"))
        seq = self.random.randrange(4 * len(self.said) + 1)
        return await self._anybody().client.put(f"{self.group.path}/{kind}", json={"seq": seq})

    async def _come(self) -> httpx.Response:
        return await self.group.add(self.group.alice, self._anybody())

    async def _go(self) -> httpx.Response:
        return await self.group.leave(self._anybody())

    async def _prefer(self) -> httpx.Response:
        path = f"{self.group.path}/preferences"
        edit = {"archived": self.random.random() < 0.5}
        return await self._anybody().client.patch(path, json=edit)


@pytest.mark.parametrize("seed", range(2))
async def test_what_is_unread_is_always_what_a_recount_says(
    settings: Settings, live_group: Group, seed: int
) -> None:
    group = live_group
    async with serve(settings) as other:
        here = [group.bob, group.carol, group.dave, group.mallory]
        people = [*here, *(elsewhere(other, person) for person in here)]
        bustle = Bustle(group, people, Random(seed))
        bustle.said.append(((await group.post(group.alice, "Hello")).json()["id"], group.alice))
        for _ in range(ROUNDS):
            await asyncio.gather(*(bustle.act() for _ in range(AT_ONCE)))
            await all_is_counted(group.house)

    assert all(bustle.done[act] for act in ("_post", "_withdraw", "_edit", "_mark", "_come", "_go"))
