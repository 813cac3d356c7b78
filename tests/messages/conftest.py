"""Two people who talk, and one who does not take part."""

from dataclasses import dataclass

import httpx
import pytest

from app.messages.schemas import MessageOut
from app.models import Conversation
from tests.factories import GREETING, House, Person


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
