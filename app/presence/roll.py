"""Who is here, as all processes know it: each says so of its own people, again and again.

Nobody is counted. Somebody is here while the ticket of any process holds, and what was said of
them by a process that is killed runs out by itself.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

from app.kit.shelf import Entry, Shelf
from app.presence.schemas import Status
from app.presence.seats import Seats

# Two rooms: in the first is whoever is connected, in the second whoever of them is not away.
_HERE, _LOOKING = "here", "looking"


@dataclass(frozen=True, slots=True)
class Missed:
    """Of whom something has run out; and who is gone, and since when, in UNIX seconds."""

    changed: set[int] = field(default_factory=set)
    gone: dict[int, float] = field(default_factory=dict)


class Roll:
    """The shelf is of the roll alone. Everything raises: Unavailable."""

    def __init__(
        self, shelf: Shelf, seats: Seats, lasts_seconds: float, grace_seconds: float
    ) -> None:
        self._shelf = shelf
        self._seats = seats
        self._lasts_seconds = lasts_seconds
        self._grace_seconds = grace_seconds
        self._process = uuid4().hex

    async def keep(self, people: Mapping[int, Status]) -> set[int]:
        """They are here by this process. Answers of whom that is news."""
        entries = self._entries(people)
        are_new = await self._shelf.enter(entries, self._lasts_seconds)
        return {int(one.name) for one, is_new in zip(entries, are_new, strict=True) if is_new}

    async def let_go(self, people: Mapping[int, Status]) -> None:
        """Their last connection to this process is over. Whoever comes back soon never left."""
        await self._shelf.enter(self._entries(people), self._grace_seconds)

    async def rest(self, user_id: int) -> bool:
        """They are away here. Answers whether they now are everywhere."""
        return await self._shelf.leave(self._entry(_LOOKING, user_id))

    async def statuses(self, user_ids: Collection[int]) -> dict[int, Status]:
        here, looking = await self._shelf.listed((_HERE, _LOOKING), [str(id) for id in user_ids])

        def status(name: str) -> Status:
            if name in looking:
                return Status.ONLINE
            return Status.AWAY if name in here else Status.OFFLINE

        # Whoever is connected here is here, although Redis may have forgotten them a moment ago.
        seats = self._seats
        forgotten = seats.people & set(user_ids) - {int(name) for name in here}
        return {id: status(str(id)) for id in user_ids} | {id: seats.status(id) for id in forgotten}

    async def sweep(self) -> Missed:
        """Each is told to one process."""
        missed = Missed()
        for room, name, at in await self._shelf.sweep():
            missed.changed.add(int(name))
            if room == _HERE:
                missed.gone[int(name)] = at
        return missed

    def _entries(self, people: Mapping[int, Status]) -> list[Entry]:
        looking = (id for id, status in people.items() if status is Status.ONLINE)
        return [
            *(self._entry(_HERE, id) for id in people),
            *(self._entry(_LOOKING, id) for id in looking),
        ]

    def _entry(self, room: str, user_id: int) -> Entry:
        return Entry(room, str(user_id), self._process)
