"""People and what they do, by way of the house itself. Keyword-only, with sensible defaults."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Self

import httpx
from fastapi import FastAPI
from passlib.hash import bcrypt_sha256
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import ASGIApp, Receive, Scope, Send

from app.auth.access import NOWHERE, SESSION_COOKIE
from app.conversations import actions as conversations
from app.conversations.schemas import ConversationDraft
from app.kit.db import Database
from app.kit.events import from_json
from app.messages import actions as messages
from app.messages.schemas import MessageDraft, MessageOut
from app.models import Conversation, User
from tests.contract import hold_to_contract

PASSWORD = "secret123"
# Long enough to be found in a log by itself.
GREETING = "Hello, is anybody home?"
_PASSWORD_HASH = bcrypt_sha256.using(rounds=4).hash(PASSWORD)  # type: ignore[no-untyped-call]
_numbers = count(1)


@dataclass(eq=False)
class Person:
    """Somebody with an account, and a client that is signed in as them."""

    user: User
    client: httpx.AsyncClient

    @property
    def id(self) -> int:
        return self.user.id

    @property
    def cookie(self) -> str:
        return f"{SESSION_COOKIE}={self.client.cookies[SESSION_COOKIE]}"


@dataclass
class House:
    """The application, and everything that a test wants of it."""

    state: dict[str, Any]
    base_url: str
    transport: httpx.AsyncBaseTransport
    app: ASGIApp | None = None

    @classmethod
    @asynccontextmanager
    async def in_process(cls, app: FastAPI, state: dict[str, Any]) -> AsyncIterator[Self]:
        """Without a server, so somebody must put the state of the lifespan into each request."""

        async def with_state(scope: Scope, receive: Receive, send: Send) -> None:
            await app({**scope, "state": dict(state)}, receive, send)

        transport = httpx.ASGITransport(with_state)
        house = cls(state, "http://localhost:3000", transport, with_state)
        async with house.opened():
            yield house

    @classmethod
    @asynccontextmanager
    async def at(cls, base_url: str, state: dict[str, Any]) -> AsyncIterator[Self]:
        # Sooner than the server, which would else close one just as it is asked on it.
        limits = httpx.Limits(max_connections=200, keepalive_expiry=2)
        transport = httpx.AsyncHTTPTransport(limits=limits)
        async with cls(state, base_url, transport).opened() as house:
            yield house

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Self]:
        async with self.transport:
            yield self

    @property
    def database(self) -> Database:
        database: Database = self.state["database"]
        return database

    @property
    def session(self) -> Any:
        """`async with house.session() as session`."""
        return self._behind_its_back

    @asynccontextmanager
    async def _behind_its_back(self) -> AsyncIterator[AsyncSession]:
        """A unit of work. Nobody rings for what a test changes in it, so what the house remembers
        of people ends here, and not a second later.
        """
        async with self.database.unit_of_work() as session:
            yield session
        self.state["memory"].known.clear()

    def client(self, address: str | None = None) -> httpx.AsyncClient:
        """Nobody yet. Every answer is held against the OpenAPI document."""
        transport = self.transport
        if address is not None:
            assert self.app, "on a real server everybody comes from where they are"
            transport = httpx.ASGITransport(self.app, client=(address, 1))
        return httpx.AsyncClient(
            transport=transport,
            base_url=self.base_url,
            timeout=30,
            event_hooks={"response": [hold_to_contract]},
        )

    async def person(self, username: str | None = None, **fields: Any) -> Person:
        """A new person, signed in."""
        async with self.session() as session:
            user = await make_user(session, username=username, **fields)
            entrance = await self.state["front_desk"].admit(session, user, NOWHERE)
        client = self.client()
        client.cookies.set(SESSION_COOKIE, entrance.credential)
        return Person(user, client)

    async def conversation(self, *people: Person, title: str | None = None) -> Conversation:
        async with self.session() as session:
            return await make_conversation(session, *(p.user for p in people), title=title)

    async def message(
        self, conversation: Conversation, author: Person, body: str = GREETING
    ) -> MessageOut:
        async with self.session() as session:
            return await make_message(session, conversation, author.user, body=body)


async def make_user(session: AsyncSession, *, username: str | None = None, **fields: Any) -> User:
    username = username or f"person{next(_numbers)}"
    defaults = {
        "username": username,
        "email": f"{username}@example.com",
        "name": username.title(),
        "encrypted_password": _PASSWORD_HASH,
    }
    user = User(**(defaults | fields))
    session.add(user)
    await session.flush()
    return user


async def make_conversation(
    session: AsyncSession, *people: User, title: str | None = None
) -> Conversation:
    draft = ConversationDraft(participant_ids=[user.id for user in people], title=title)
    return await conversations.start(session, people[0], draft)


async def make_message(
    session: AsyncSession, conversation: Conversation, author: User, *, body: str = GREETING
) -> MessageOut:
    draft = MessageDraft(body=body)
    posted = await messages.post_within(session, conversation.id, author.id, draft)
    message: MessageOut = from_json(posted.message)
    return message
