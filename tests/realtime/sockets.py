"""Clients of the native socket, and the room they are in."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.messages.schemas import MessageOut
from app.models import Conversation
from tests.factories import House, Person

PATIENCE_SECONDS = 5


class Cable:
    """Frames as JSON, and waits that end."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def next(self) -> dict[str, Any]:
        async with asyncio.timeout(PATIENCE_SECONDS):
            frame: dict[str, Any] = json.loads(await self.socket.recv())
            return frame

    async def next_of(self, kind: str) -> dict[str, Any]:
        while (frame := await self.next())["type"] != kind:
            pass
        return frame

    async def say(self, **command: Any) -> None:
        await self.socket.send(json.dumps(command))

    async def ask(self, **command: Any) -> dict[str, Any]:
        """Say it with a `ref`, and wait for the reply, past whatever else happens."""
        await self.say(ref="r", **command)
        return await self.next_of("reply")

    async def goodbye(self) -> tuple[int, str]:
        """Read until the server says goodbye. Shape: (code, reason)"""
        with pytest.raises(ConnectionClosed) as closing:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while True:
                    await self.socket.recv()
        farewell = closing.value.rcvd
        assert farewell is not None, "the connection broke without a goodbye"
        return farewell.code, farewell.reason


@dataclass
class Room:
    """Alice and Bob in a conversation, in a house with a real server."""

    house: House
    alice: Person
    bob: Person
    conversation: Conversation

    @classmethod
    async def in_house(cls, house: House) -> Self:
        alice, bob = await house.person("alice"), await house.person("bob")
        return cls(house, alice, bob, await house.conversation(alice, bob))

    @property
    def id(self) -> int:
        return self.conversation.id

    @property
    def path(self) -> str:
        return f"/conversations/{self.id}/messages"

    def cable(self, person: Person, query: str = "") -> AbstractAsyncContextManager["Cable"]:
        return open_cable(self.house, person, self.id, query)

    async def say(self, body: str) -> MessageOut:
        """Alice says it, over HTTP."""
        answer = await self.alice.client.post(self.path, json={"body": body})
        assert answer.status_code == 201
        message: MessageOut = answer.json()
        return message


@asynccontextmanager
async def open_cable(
    house: House,
    person: Person | None,
    conversation_id: int | str,
    query: str = "",
    **headers: str,
) -> AsyncIterator[Cable]:
    """`headers` by their names with underscores: `origin="https://..."`."""
    url = f"{house.base_url}/cable/{conversation_id}{query}".replace("http://", "ws://", 1)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    if person is not None:
        sent["cookie"] = person.cookie
    async with connect(url, additional_headers=sent, proxy=None) as socket:
        yield Cable(socket)
