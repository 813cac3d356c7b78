"""Who is here, of those who said so: told to everybody who listens by the extended protocol.

Somebody is here while one of their connections says so again and again. Of several connections,
on whatever workers, the first is heard to come and the last to go; a connection that breaks, or a
worker that is killed, is only missed after a while, so a quick return makes no noise.
"""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import select

from app.kit.db import Database, announce
from app.kit.errors import Unavailable
from app.kit.events import Event, to_json
from app.kit.shelf import Entry, Shelf
from app.models import User
from app.realtime.action_cable.encoding import JOINED, LEFT

SWEEP_EVERY_SECONDS = 1


class Presence:
    def __init__(self, shelf: Shelf, database: Database, lasts_seconds: float) -> None:
        self._shelf = shelf
        self._database = database
        self._lasts_seconds = lasts_seconds
        self._here: dict[Entry, User] = {}

    async def join(self, entry: Entry, user: User) -> None:
        """The shelf may be away: then it is said again in a moment."""
        self._here[entry] = user
        with suppress(Unavailable):
            await self._enter([entry])

    async def leave(self, entry: Entry) -> None:
        """At once."""
        self.depart(entry)
        with suppress(Unavailable):  # Then they are missed after a while.
            if await self._shelf.leave(entry):
                await self._tell([_left(entry.room, entry.name)])

    def depart(self, entry: Entry) -> None:
        """The connection ended. Whoever does not come back is missed after a while."""
        self._here.pop(entry, None)

    async def show(self, topic: str) -> list[dict[str, Any]]:
        """Shape: [{"id", "info"}]. Raises: Unavailable."""
        ids = [int(name) for name in await self._shelf.names(topic)]
        if not ids:
            return []
        async with self._database.autocommit() as session:
            query = select(User).where(User.id.in_(ids)).order_by(User.id)
            users = (await session.execute(query)).scalars()
            return [{"id": str(user.id), "info": _show(user)} for user in users]

    async def say_again(self) -> None:
        """For all who are here by this worker. Raises: Unavailable."""
        if self._here:
            await self._enter(list(self._here))

    async def sweep(self) -> None:
        """Miss those of whom nobody has said anything. Raises: Unavailable."""
        gone = await self._shelf.sweep()
        if gone:
            await self._tell([_left(topic, name) for topic, name, _ in gone])

    async def _enter(self, entries: Sequence[Entry]) -> None:
        are_new = await self._shelf.enter(entries, self._lasts_seconds)
        joined = [
            _joined(entry.room, self._here[entry])
            for entry, is_new in zip(entries, are_new, strict=True)
            if is_new and entry in self._here
        ]
        if joined:
            await self._tell(joined)

    async def _tell(self, events: Sequence[Event]) -> None:
        async with self._database.unit_of_work() as session:
            for event in events:
                announce(session, event)


def _joined(topic: str, user: User) -> Event:
    return Event(topic, JOINED, to_json({"user_id": user.id, "info": _show(user)}), ephemeral=True)


def _left(topic: str, name: str) -> Event:
    return Event(topic, LEFT, to_json({"user_id": int(name)}), ephemeral=True)


def _show(user: User) -> dict[str, Any]:
    return {"username": user.username, "name": user.name}
