"""A group of people with different roles, and one who is not in it."""

from dataclasses import dataclass
from typing import Any

import httpx

from app.models import Conversation
from tests.factories import House, Person


@dataclass
class Group:
    """Alice owns it, Bob is an admin, Carol and Dave are members; Mallory is signed in, too."""

    house: House
    alice: Person
    bob: Person
    carol: Person
    dave: Person
    mallory: Person
    conversation: Conversation

    @property
    def path(self) -> str:
        return f"/conversations/{self.conversation.id}"

    @property
    def members(self) -> dict[str, Person]:
        return {"alice": self.alice, "bob": self.bob, "carol": self.carol, "dave": self.dave}

    async def open(self, person: Person) -> dict[str, Any]:
        answer = await person.client.get(self.path)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        return body

    async def roles(self, person: Person | None = None) -> dict[str, str]:
        """Shape: {username: role}, as one of them sees it."""
        opened = await self.open(person or self.alice)
        return {one["username"]: one["role"] for one in opened["participants"]}

    async def add(self, by: Person, *people: Person | object) -> httpx.Response:
        ids = [one.id if isinstance(one, Person) else one for one in people]
        return await by.client.post(f"{self.path}/members", json={"user_ids": ids})

    async def remove(self, by: Person, whom: Person) -> httpx.Response:
        return await by.client.delete(f"{self.path}/members/{whom.id}")

    async def leave(self, person: Person) -> httpx.Response:
        return await self.remove(person, person)

    async def give_role(self, by: Person, whom: Person, role: object) -> httpx.Response:
        return await by.client.patch(f"{self.path}/members/{whom.id}", json={"role": role})

    async def edit(self, by: Person, **fields: object) -> httpx.Response:
        return await by.client.patch(self.path, json=fields)

    async def post(self, by: Person, body: str = "Hello", **fields: object) -> httpx.Response:
        return await by.client.post(f"{self.path}/messages", json={"body": body} | fields)

    async def invite(self, by: Person, **fields: object) -> httpx.Response:
        return await by.client.post(f"{self.path}/invites", json=fields)

    async def token(self, by: Person | None = None, **fields: object) -> str:
        made = await self.invite(by or self.alice, **fields)
        assert made.status_code == 201, made.text
        token: str = made.json()["token"]
        return token

    async def events(self, person: Person | None = None, since: int = 0) -> list[dict[str, Any]]:
        answer = await (person or self.alice).client.get(f"{self.path}/events?since={since}")
        assert answer.status_code == 200, answer.text
        events: list[dict[str, Any]] = answer.json()["events"]
        return events

    async def news(self, person: Person | None = None) -> list[str]:
        return [event["type"] for event in await self.events(person)]


async def accept(person: Person, token: str) -> httpx.Response:
    return await person.client.post("/invites/accept", json={"token": token})


async def group_in(house: House) -> Group:
    names = ("alice", "bob", "carol", "dave", "mallory")
    alice, bob, carol, dave, mallory = [await house.person(name) for name in names]
    conversation = await house.conversation(alice, bob, carol, dave, title="Lunch")
    group = Group(house, alice, bob, carol, dave, mallory, conversation)
    promoted = await group.give_role(alice, bob, "admin")
    assert promoted.status_code == 200, promoted.text
    return group
