"""Who may still listen. Access that was taken ends sockets within a second, on every worker.

A control message of the doorbell makes a worker look at once; once a second it looks anyway, so
this holds without Redis too.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import orjson

from app.auth import queries
from app.auth.jobs import SeenLogins
from app.kit.db import Database
from app.kit.errors import Unavailable
from app.kit.events import Envelope
from app.realtime import closing
from app.realtime.closing import Farewell


@dataclass(eq=False, frozen=True)
class Listener:
    """Somebody who listens: by which login, and as a member of which conversation, if of one."""

    login_id: int
    user_id: int
    conversation_id: int | None
    end: Callable[[Farewell], None]


class Guard:
    def __init__(self, database: Database, seen_logins: SeenLogins) -> None:
        self._database = database
        self._seen_logins = seen_logins
        self._listeners: set[Listener] = set()
        self._looking: set[asyncio.Task[None]] = set()

    @contextmanager
    def watching(self, listener: Listener) -> Iterator[None]:
        self._listeners.add(listener)
        try:
            yield
        finally:
            self._listeners.discard(listener)

    def obey(self, envelope: Envelope) -> None:
        """Something of this person was taken or changed: look at their listeners now."""
        user_id = orjson.loads(envelope.data)["user_id"]
        theirs = [listener for listener in self._listeners if listener.user_id == user_id]
        if theirs:
            task = asyncio.create_task(self._look_soon(theirs))
            self._looking.add(task)
            task.add_done_callback(self._looking.discard)

    async def check(self) -> None:
        """Once a second: look at everybody."""
        for listener in self._listeners:  # Who listens uses their login.
            self._seen_logins.add(listener.login_id)
        await self._look(list(self._listeners))

    async def _look_soon(self, listeners: Collection[Listener]) -> None:
        with suppress(Unavailable):  # The check of the next second looks again.
            await self._look(listeners)

    async def _look(self, listeners: Collection[Listener]) -> None:
        if not listeners:
            return
        login_ids = {listener.login_id for listener in listeners}
        memberships = {
            (listener.conversation_id, listener.user_id)
            for listener in listeners
            if listener.conversation_id is not None
        }
        async with self._database.autocommit() as session:
            ended_logins = await queries.find_ended_logins(session, login_ids)
            ended_memberships = await queries.find_ended_memberships(session, memberships)
        for listener in listeners:
            if listener.login_id in ended_logins:
                listener.end(closing.UNAUTHENTICATED)
            elif (listener.conversation_id, listener.user_id) in ended_memberships:
                listener.end(closing.ACCESS_TAKEN)
