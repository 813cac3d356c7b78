"""A shelf for one process without Redis."""

import time
from collections.abc import Collection, Mapping, Sequence

from app.kit.shelf.interface import Entry, Gone

# More than this many drawers, and those that have run out are thrown away.
_TIDY_ABOVE = 1_000


class MemoryShelf:
    """The twin of RedisShelf."""

    def __init__(self) -> None:
        self._drawers: dict[str, dict[str, str]] = {}
        self._last_until: dict[str, float] = {}
        # Shape: room -> name -> ticket -> until when.
        self._rooms: dict[str, dict[str, dict[str, float]]] = {}

    # Drawers.

    async def put(self, drawer: str, texts: Mapping[str, str], seconds: float) -> None:
        self._tidy()
        self._drawers[drawer] = {**await self.look(drawer), **texts}
        self._last_until[drawer] = time.monotonic() + seconds

    async def look(self, drawer: str) -> Mapping[str, str]:
        if time.monotonic() >= self._last_until.get(drawer, 0):
            return {}
        return dict(self._drawers[drawer])

    async def take(self, drawer: str, name: str) -> None:
        self._drawers.get(drawer, {}).pop(name, None)

    async def prolong(self, drawers: Collection[str], seconds: float) -> None:
        now = time.monotonic()
        for drawer in drawers:
            if self._last_until.get(drawer, 0) > now:
                self._last_until[drawer] = now + seconds

    def _tidy(self) -> None:
        if len(self._drawers) > _TIDY_ABOVE:
            now = time.monotonic()
            for drawer in [name for name, until in self._last_until.items() if until <= now]:
                del self._drawers[drawer], self._last_until[drawer]

    # Rooms.

    async def enter(self, entries: Sequence[Entry], seconds: float) -> Sequence[bool]:
        return [self._enter(entry, time.monotonic() + seconds) for entry in entries]

    def _enter(self, entry: Entry, until: float) -> bool:
        names = self._rooms.setdefault(entry.room, {})
        is_new = entry.name not in names
        names.setdefault(entry.name, {})[entry.ticket] = until
        return is_new

    async def leave(self, entry: Entry) -> bool:
        tickets = self._rooms.get(entry.room, {}).get(entry.name)
        if tickets is None:
            return False
        tickets.pop(entry.ticket, None)
        return self._strike_out_unless_here(entry.room, entry.name) is not None

    async def names(self, room: str) -> Sequence[str]:
        return sorted(self._rooms.get(room, {}))

    async def listed(self, rooms: Sequence[str], names: Sequence[str]) -> Sequence[Collection[str]]:
        return [set(names) & self._rooms.get(room, {}).keys() for room in rooms]

    async def sweep(self) -> Sequence[Gone]:
        listed = [(room, name) for room, names in self._rooms.items() for name in names]
        swept = [self._strike_out_unless_here(*place) for place in listed]
        return [gone for gone in swept if gone is not None]

    def _strike_out_unless_here(self, room: str, name: str) -> Gone | None:
        now = time.monotonic()
        last = max(self._rooms[room][name].values(), default=now)
        if last > now:
            return None
        del self._rooms[room][name]
        if not self._rooms[room]:
            del self._rooms[room]
        return Gone(room, name, time.time() - (now - last))

    async def aclose(self) -> None:
        self._drawers.clear()
        self._rooms.clear()
