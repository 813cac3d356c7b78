"""What a connection of the extended protocol listened to, for when its client comes back.

Kept on the shelf, so any worker can restore it. Without a shelf nothing is restored: the client
subscribes again, and names the places from which to go on.
"""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import orjson

from app.kit.errors import Unavailable
from app.kit.log import Position
from app.kit.shelf import Shelf
from app.realtime.action_cable.history import Places

_SID_BYTES = 24
_SID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Sessions:
    def __init__(self, shelf: Shelf, lasts_seconds: float) -> None:
        self._shelf = shelf
        self._lasts_seconds = lasts_seconds
        self._live: set[str] = set()

    @contextmanager
    def beginning(self, user_id: int) -> Iterator["Session"]:
        """A new one each time; the old one stays restorable, should its answer not arrive."""
        session = Session(self._shelf, self._lasts_seconds, user_id)
        self._live.add(session.drawer)
        try:
            yield session
        finally:
            self._live.discard(session.drawer)

    async def recall(self, user_id: int, sid: str | None) -> dict[str, Places]:
        """Only one's own: the person is part of where it is kept. Shape: identifier -> places"""
        if sid is None or _SID.fullmatch(sid) is None:
            return {}
        try:
            kept = await self._shelf.look(_drawer(user_id, sid))
        except Unavailable:
            return {}
        return {identifier: _read_places(text) for identifier, text in kept.items()}

    async def prolong(self) -> None:
        """The time begins to run when the connection has ended. Raises: Unavailable."""
        if self._live:
            await self._shelf.prolong(self._live, self._lasts_seconds)


class Session:
    """`places` are where each stream was when it was subscribed to, and stay so."""

    def __init__(self, shelf: Shelf, lasts_seconds: float, user_id: int) -> None:
        self.sid = secrets.token_urlsafe(_SID_BYTES)
        self.drawer = _drawer(user_id, self.sid)
        self._shelf = shelf
        self._lasts_seconds = lasts_seconds

    async def remember(self, places: Mapping[str, Places]) -> None:
        """Shape: identifier -> places"""
        texts = {identifier: _show_places(of_one) for identifier, of_one in places.items()}
        with suppress(Unavailable):
            await self._shelf.put(self.drawer, texts, self._lasts_seconds)

    async def forget(self, identifier: str) -> None:
        with suppress(Unavailable):
            await self._shelf.take(self.drawer, identifier)


def _drawer(user_id: int, sid: str) -> str:
    return f"session:{user_id}:{sid}"


def _show_places(places: Places) -> str:
    """Shape: {topic: [epoch, seq]}"""
    return orjson.dumps({topic: [at.epoch, at.seq] for topic, at in places.items()}).decode()


def _read_places(text: str) -> Places:
    return {topic: Position(epoch, seq) for topic, (epoch, seq) in orjson.loads(text).items()}
