"""People who do anything that one can do to a group, in an order that a number decides."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

import httpx
from sqlalchemy import text

from tests.factories import House, Person
from tests.jobs import run_jobs
from tests.members.groups import accept


class Walk:
    """Each step is a few acts at once, by different people, or by the same on several devices."""

    def __init__(self, house: House, people: list[Person], seed: int) -> None:
        self.house, self.people = house, people
        self.random = Random(seed)
        self.groups: list[int] = []
        self.directs: list[int] = []
        self.tokens: list[str] = []
        self.done: Counter[str] = Counter()

    async def begin(self) -> None:
        """Whatever the number decides afterwards, here each kind of event happens once."""
        await self._start()
        await self._everything_once()
        one, other = self.people[:2]
        direct = await self.house.conversation(one, other)
        self.directs.append(direct.id)

    async def _everything_once(self) -> None:
        owner, *others, guest = self.people
        ids = [person.id for person in others[:2]]
        started = await owner.client.post("/conversations", json={"participant_ids": ids})
        self.groups.append(started.json()["id"])
        path, client = f"/conversations/{self.groups[-1]}", owner.client
        for answer in (
            await client.post(f"{path}/members", json={"user_ids": [guest.id]}),
            await client.patch(f"{path}/members/{guest.id}", json={"role": "admin"}),
            await client.patch(path, json={"title": "Everything"}),
            await guest.client.patch("/users/me", json={"name": "A guest"}),
            await client.delete(f"{path}/members/{guest.id}"),
        ):
            assert answer.is_success, answer.text
            await run_jobs(self.house)

    async def step(self, acts_at_once: int) -> None:
        acts = [self.random.choice(self._acts()) for _ in range(acts_at_once)]
        answers = await asyncio.gather(*(act() for act in acts))
        for act, answer in zip(acts, answers, strict=True):
            assert answer.status_code < 500, answer.text
            self.done[act.__name__.lstrip("_")] += answer.is_success
        await run_jobs(self.house)

    def _acts(self) -> list[Callable[[], Awaitable[httpx.Response]]]:
        changes = [self._add, self._add, self._remove, self._leave, self._give_role, self._edit]
        says = [self._post, self._post, self._mark, self._mark, self._edit_profile]
        return [*changes, *says, self._invite, self._accept, self._accept, self._widen]

    async def _ask(self, method: str, path: str, json: Any = None) -> httpx.Response:
        """By anybody, or by the owner, who may do most things."""
        owner = await self._owner(int(path.split("/")[2]))
        asker = self.random.choice((self._anybody(), owner, owner))
        return await asker.client.request(method, path, json=json)

    async def _owner(self, id: int) -> Person:
        owns = text(
            "SELECT user_id FROM participants WHERE role = 'owner' AND conversation_id = :id"
        )
        async with self.house.session() as session:
            user_id = (await session.execute(owns, {"id": id})).scalar_one_or_none()
        return next((one for one in self.people if one.id == user_id), self._anybody())

    def _anybody(self) -> Person:
        return self.random.choice(self.people)

    def _group(self) -> str:
        return f"/conversations/{self.random.choice(self.groups)}"

    async def _start(self) -> httpx.Response:
        starter = self._anybody()
        ids = [person.id for person in self.random.sample(self.people, 3)]
        others = [id for id in ids if id != starter.id][:2]
        answer = await starter.client.post("/conversations", json={"participant_ids": others})
        self.groups.append(answer.json()["id"])
        return answer

    async def _add(self) -> httpx.Response:
        ids = [person.id for person in self.random.sample(self.people, 2)]
        return await self._ask("POST", f"{self._group()}/members", {"user_ids": ids})

    async def _remove(self) -> httpx.Response:
        return await self._ask("DELETE", f"{self._group()}/members/{self._anybody().id}")

    async def _leave(self) -> httpx.Response:
        person = self._anybody()
        return await person.client.delete(f"{self._group()}/members/{person.id}")

    async def _give_role(self) -> httpx.Response:
        role = self.random.choice(("owner", "admin", "admin", "member"))
        path = f"{self._group()}/members/{self._anybody().id}"
        return await self._ask("PATCH", path, {"role": role})

    async def _edit(self) -> httpx.Response:
        title = f"Title {self.random.randrange(100)}"
        picture = f"https://example.com/{self.random.randrange(100)}.png"
        fields = self.random.choice(({"title": title}, {"picture_url": picture}, {"title": None}))
        return await self._ask("PATCH", self._group(), fields)

    async def _edit_profile(self) -> httpx.Response:
        name = f"Name {self.random.randrange(100)}"
        return await self._anybody().client.patch("/users/me", json={"name": name})

    async def _post(self) -> httpx.Response:
        body = self.random.choice(("Hello", "Hello @bob", "Hello @everyone"))
        return await self._ask("POST", f"{self._group()}/messages", {"body": body})

    async def _mark(self) -> httpx.Response:
        kind = self.random.choice(("read", "read", "unread", "delivered"))
        return await self._ask("PUT", f"{self._group()}/{kind}", {"seq": self.random.randrange(30)})

    async def _invite(self) -> httpx.Response:
        uses = self.random.choice((None, 1, 2))
        answer = await self._ask("POST", f"{self._group()}/invites", {"uses": uses})
        if answer.is_success:
            self.tokens.append(answer.json()["token"])
        return answer

    async def _accept(self) -> httpx.Response:
        token = self.random.choice(self.tokens) if self.tokens else "none"
        return await accept(self._anybody(), token)

    async def _widen(self) -> httpx.Response:
        path = f"/conversations/{self.random.choice(self.directs)}/members"
        answer = await self._ask("POST", path, {"user_ids": [self._anybody().id]})
        if answer.is_success:
            self.groups.append(answer.json()["conversation"]["id"])
        return answer


async def owners(house: House) -> dict[int, int]:
    """Shape: {conversation_id: how many own it}, of every group that somebody is in."""
    counting = text("""
        SELECT conversation_id, count(*) FILTER (WHERE role = 'owner') AS owners
        FROM participants JOIN conversations ON conversations.id = conversation_id
        WHERE "group" GROUP BY conversation_id
    """)
    async with house.session() as session:
        return {row.conversation_id: row.owners for row in await session.execute(counting)}
