"""Telling those who share a conversation who has come, is away, or has gone."""

import asyncio
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from app.kit.db import Database, announce
from app.kit.events import Envelope, Event, from_json
from app.presence import actions, queries
from app.presence.events import presence_changed
from app.presence.queries import Presence
from app.presence.roll import Roll
from app.presence.schemas import PresenceOut, Status

# Somebody may be in a thousand conversations, and a worker that was killed had thousands of people.
_PEOPLE_AT_ONCE = 100
_EVENTS_AT_ONCE = 200
# After so many, for everybody else who rings: ten thousand events a second at the most.
_PAUSE_SECONDS = 0.02


class Telling:
    """Tells how it is, and not what has changed: so it does not matter which process tells it.

    Of two that tell at once, the one that looked first may be heard last. So whoever has told
    something looks again at its next turn, and corrects itself.
    """

    def __init__(self, roll: Roll, database: Database) -> None:
        self._roll = roll
        self._database = database
        self._changed: set[int] = set()
        self._edited: set[int] = set()
        self._gone: dict[int, float] = {}
        self._told: dict[int, PresenceOut] = {}

    def notice(self, user_ids: Iterable[int]) -> None:
        """Something has changed with these."""
        self._changed.update(user_ids)

    def obey(self, envelope: Envelope) -> None:
        """Somebody hides, or does not any more. Every process hears it, and tells it."""
        self._edited.add(from_json(envelope.data)["user_id"])

    async def tell(self) -> None:
        """Miss who is gone, and tell of them and of all who have changed. Raises: Unavailable"""
        await self._miss()
        told, self._told = self._told, {}
        edited, self._edited = self._edited, set()
        waiting, self._changed = self._changed | told.keys() | edited, set()
        try:
            while waiting:
                some = set(islice(waiting, _PEOPLE_AT_ONCE))
                await self._tell_of(some, told, edited)
                waiting -= some
        finally:  # Who is left is told of at the next turn.
            self._changed |= waiting
            self._edited |= waiting & edited

    async def _miss(self) -> None:
        missed = await self._roll.sweep()
        self.notice(missed.changed)
        self._gone |= missed.gone
        if self._gone:
            async with self._database.unit_of_work() as session:
                await actions.mark_seen(session, self._gone)
            self._gone = {}

    async def _tell_of(
        self, user_ids: Collection[int], told: Mapping[int, PresenceOut], edited: Collection[int]
    ) -> None:
        async with self._database.autocommit() as session:
            found = await queries.find_presences(session, self._roll, user_ids)
            news = {
                one.user_id: one.show()
                for one in found
                if one.show() != told.get(one.user_id)
                and (one.user_id in told or _may_be_told(one, edited))
            }
            audience = await queries.list_conversations_of(session, news.keys()) if news else []
        await self._ring([presence_changed(id, news[user_id]) for id, user_id in audience])
        self._told |= news

    async def _ring(self, events: Sequence[Event]) -> None:
        for start in range(0, len(events), _EVENTS_AT_ONCE):
            async with self._database.unit_of_work() as session:
                for event in events[start : start + _EVENTS_AT_ONCE]:
                    announce(session, event)
            await asyncio.sleep(_PAUSE_SECONDS)


def _may_be_told(presence: Presence, edited: Collection[int]) -> bool:
    """Of who hides, only that they do, and only if they were seen here until then."""
    was_seen = presence.user_id in edited and presence.status is not Status.OFFLINE
    return presence.is_shown or was_seen
