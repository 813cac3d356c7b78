"""People who do anything that one can do to messages, in an order that a number decides."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random

import httpx

from app.attachments import jobs
from tests.attachments.pictures import picture
from tests.factories import House, Person


class MessageWalk:
    """Each step is a few acts at once, in one group, by anybody of it."""

    def __init__(self, house: House, people: list[Person], seed: int) -> None:
        self.house, self.people = house, people
        self.random = Random(seed)
        self.path = ""
        self.ids: list[int] = []
        self.images: list[int] = []
        self.reactions: list[tuple[Person, str]] = []
        self.pins: list[str] = []
        self.done: Counter[str] = Counter()

    async def begin(self) -> None:
        group = await self.house.conversation(*self.people)
        self.path = f"/conversations/{group.id}"
        for _ in range(3):
            await self._post()

    async def everything_once(self) -> None:
        """Whatever the number decides afterwards, each kind of event happens."""
        alice, bob = (person.client for person in self.people[:2])
        said = (await bob.post(f"{self.path}/messages", json={"body": "Hello @alice"})).json()
        path = f"{self.path}/messages/{said['id']}"
        for answer in (
            await bob.patch(path, json={"body": "Hello again @alice"}),
            await alice.put(f"{path}/reactions/🎉"),
            await alice.delete(f"{path}/reactions/🎉"),
            await alice.put(f"{path}/pin"),
            await alice.delete(f"{path}/pin"),
            await alice.put(f"{self.path}/read", json={"seq": said["seq"]}),
            await bob.delete(path),
            await self._send(),
            await self._develop(),
        ):
            assert answer.is_success, answer.text

    async def step(self, acts_at_once: int) -> None:
        acts = [self.random.choice(self._acts()) for _ in range(acts_at_once)]
        answers = await asyncio.gather(*(act() for act in acts))
        for act, answer in zip(acts, answers, strict=True):
            assert answer.status_code < 500, answer.text
            self.done[act.__name__.lstrip("_")] += answer.is_success

    def _acts(self) -> list[Callable[[], Awaitable[httpx.Response]]]:
        return [
            self._post,
            self._post,
            *[self._edit] * 4,
            self._withdraw,
            self._send,
            *[self._develop] * 2,
            *[self._reply] * 3,
            *[self._react] * 3,
            *[self._take_back] * 2,
            *[self._pin] * 2,
            *[self._unpin] * 2,
            *[self._mark_read] * 2,
            self._mark_unread,
            self._mark_delivered,
        ]

    def _anybody(self) -> Person:
        return self.random.choice(self.people)

    def _leader(self) -> Person:
        """Or somebody who thinks so."""
        return self.random.choice((self.people[0], self._anybody()))

    def _message(self) -> str:
        """One of the last: of three people every third act on one is its author's."""
        return f"{self.path}/messages/{self.random.choice(self.ids[-6:])}"

    def _words(self) -> str:
        """Some are too long for a quote, and in characters that clients may miscount."""
        call = self.random.choice(("", "", "@alice ", "@bob ", "@everyone "))
        return f"{self.random.randrange(1_000)} {call}" + "👍🏽 words " * self.random.choice(
            (1, 30)
        )

    async def _post(self) -> httpx.Response:
        return await self._say(body=self._words())

    async def _reply(self) -> httpx.Response:
        return await self._say(body=self._words(), reply_to=self.random.choice(self.ids[-6:]))

    async def _say(self, **draft: object) -> httpx.Response:
        answer = await self._anybody().client.post(f"{self.path}/messages", json=draft)
        self.ids.append(answer.json()["id"])
        return answer

    async def _send(self) -> httpx.Response:
        """An image, which is developed later, or never."""
        client = self._anybody().client
        image = (await client.post("/attachments?name=p.gif", content=picture("GIF"))).json()
        answer = await client.post(f"{self.path}/messages", json={"attachment_ids": [image["id"]]})
        self.ids.append(answer.json()["id"])
        self.images.append(image["id"])
        return answer

    async def _develop(self) -> httpx.Response:
        """As the job does, whatever becomes of the message meanwhile."""
        if not self.images:
            return await self._send()
        image = self.images.pop()
        await jobs.process(self.house.state, {"id": image, "key": "unknown"})
        return await self._anybody().client.get(f"/attachments/{image}")

    async def _edit(self) -> httpx.Response:
        return await self._anybody().client.patch(self._message(), json={"body": self._words()})

    async def _withdraw(self) -> httpx.Response:
        return await self._anybody().client.delete(self._message())

    async def _react(self) -> httpx.Response:
        person, path = self._anybody(), f"{self._message()}/reactions/{self.random.choice('👍🎉')}"
        self.reactions.append((person, path))
        return await person.client.put(path)

    async def _take_back(self) -> httpx.Response:
        """Of those that somebody has, or has had."""
        if not self.reactions:
            return await self._react()
        person, path = self.random.choice(self.reactions[-6:])
        return await person.client.delete(path)

    async def _pin(self) -> httpx.Response:
        self.pins.append(f"{self._message()}/pin")
        return await self._leader().client.put(self.pins[-1])

    async def _unpin(self) -> httpx.Response:
        """Of those that somebody pinned, or tried to."""
        if not self.pins:
            return await self._pin()
        return await self._leader().client.delete(self.random.choice(self.pins[-4:]))

    async def _mark_read(self) -> httpx.Response:
        return await self._mark("read")

    async def _mark_unread(self) -> httpx.Response:
        return await self._mark("unread")

    async def _mark_delivered(self) -> httpx.Response:
        return await self._mark("delivered")

    async def _mark(self, kind: str) -> httpx.Response:
        """Mostly some way before the present, which may have come further than any message."""
        seq = self.random.randrange(3 * len(self.ids))
        return await self._anybody().client.put(f"{self.path}/{kind}", json={"seq": seq})
