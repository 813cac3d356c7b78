"""Alice and Bob talk; Mallory is signed in, and talks to herself about the same things."""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from app.messages.schemas import MessageOut
from app.models import Conversation
from tests.factories import House, Person


@dataclass
class Talk:
    house: House
    alice: Person
    bob: Person
    mallory: Person
    conversation: Conversation

    async def say(self, *bodies: str, author: Person | None = None) -> list[MessageOut]:
        return [
            await self.house.message(self.conversation, author or self.alice, body)
            for body in bodies
        ]

    async def change(self, message_id: int, body: str) -> None:
        """As the database sees an edit, or with nothing left, a withdrawal."""
        change = text("UPDATE messages SET body = :body WHERE id = :id")
        async with self.house.session() as session:
            await session.execute(change, {"id": message_id, "body": body})

    async def search(self, query: str, person: Person | None = None, **rest: object) -> Any:
        params = {"query": query} | {name: str(value) for name, value in rest.items()}
        client = (person or self.bob).client
        answer: httpx.Response = await client.get("/search", params=params)
        return answer

    async def hits(self, query: str, person: Person | None = None, **rest: object) -> list[Any]:
        answer = await self.search(query, person, **rest)
        assert answer.status_code == 200, answer.text
        hits: list[Any] = answer.json()["hits"]
        return hits

    async def found(self, query: str, person: Person | None = None, **rest: object) -> list[str]:
        return [hit["message"]["body"] for hit in await self.hits(query, person, **rest)]


@pytest.fixture
async def talk(house: House) -> Talk:
    alice, bob, mallory = [await house.person(name) for name in ("alice", "bob", "mallory")]
    return Talk(house, alice, bob, mallory, await house.conversation(alice, bob))


@pytest.fixture(params=["walking", "index"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is found by walking through the newest must be found by the index alone."""
    if request.param == "index":
        monkeypatch.setattr("app.search.matching._WALK_MESSAGES", 0)
    way: str = request.param
    return way
