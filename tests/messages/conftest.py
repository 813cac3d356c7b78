"""Two people who talk, and one who does not take part."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app.messages.schemas import MessageOut
from app.models import Conversation
from tests.factories import GREETING, House, Person
from tests.members.groups import Group, group_in


@dataclass
class Chat:
    """Alice and Bob take part; Mallory is signed in, too."""

    house: House
    alice: Person
    bob: Person
    mallory: Person
    conversation: Conversation

    @property
    def path(self) -> str:
        return f"/conversations/{self.conversation.id}/messages"

    async def post(self, body: object = GREETING, **fields: object) -> httpx.Response:
        return await self.alice.client.post(self.path, json={"body": body} | fields)

    async def said(self, count: int) -> list[MessageOut]:
        """Alice said so many things."""
        return [
            await self.house.message(self.conversation, self.alice, f"Message {number}")
            for number in range(1, count + 1)
        ]

    async def page(self, **query: object) -> httpx.Response:
        params = {name: str(value) for name, value in query.items()}
        return await self.bob.client.get(self.path, params=params)

    async def edit(self, id: int, body: object, by: Person | None = None) -> httpx.Response:
        client = (by or self.alice).client
        return await client.patch(f"{self.path}/{id}", json={"body": body})

    async def withdraw(self, id: int, by: Person | None = None) -> httpx.Response:
        return await (by or self.alice).client.delete(f"{self.path}/{id}")

    async def react(self, id: int, emoji: str, by: Person | None = None) -> httpx.Response:
        client = (by or self.bob).client
        return await client.put(f"{self.path}/{id}/reactions/{quote(emoji, safe='')}")

    async def take_back(self, id: int, emoji: str, by: Person | None = None) -> httpx.Response:
        client = (by or self.bob).client
        return await client.delete(f"{self.path}/{id}/reactions/{quote(emoji, safe='')}")

    async def versions(self, id: int, by: Person | None = None) -> httpx.Response:
        return await (by or self.bob).client.get(f"{self.path}/{id}/versions")

    async def events(self, since: int = 0) -> list[dict[str, Any]]:
        path = f"/conversations/{self.conversation.id}/events?since={since}"
        heard: list[dict[str, Any]] = (await self.bob.client.get(path)).json()["events"]
        return heard

    async def seqs(self, **query: object) -> list[int]:
        page = await self.page(**query)
        assert page.status_code == 200, page.text
        return [message["seq"] for message in page.json()["messages"]]


async def chat_in(house: House) -> Chat:
    alice, bob, mallory = [await house.person(name) for name in ("alice", "bob", "mallory")]
    return Chat(house, alice, bob, mallory, await house.conversation(alice, bob))


@pytest.fixture
async def chat(house: House) -> Chat:
    return await chat_in(house)


@pytest.fixture
async def live_chat(live_house: House) -> Chat:
    return await chat_in(live_house)


@pytest.fixture
async def group(house: House) -> Group:
    return await group_in(house)


@pytest.fixture
async def live_group(live_house: House) -> Group:
    return await group_in(live_house)
