"""Questions about who is here."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ARRAY, BigInteger, any_, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.kit.db import AnySelect
from app.models import Participant, User
from app.presence.roll import Roll
from app.presence.schemas import PresenceOut, Status

_PEOPLE: AnySelect = select(User.id, User.last_seen_at, User.show_presence).order_by(User.id)


@dataclass(frozen=True, slots=True)
class Presence:
    """Of somebody, as it is; `show` is what the others see of it."""

    user_id: int
    last_seen_at: datetime | None
    is_shown: bool
    status: Status

    def show(self) -> PresenceOut:
        status = self.status if self.is_shown else Status.OFFLINE
        is_gone = self.is_shown and self.status is Status.OFFLINE
        seen = iso(self.last_seen_at) if is_gone and self.last_seen_at else None
        return {"user_id": self.user_id, "status": status, "last_seen_at": seen}


async def list_presences(
    session: AsyncSession, roll: Roll, conversation_id: int
) -> Sequence[Presence]:
    """Of everybody in a conversation. Raises: Unavailable when the roll cannot be read."""
    in_it = Participant.conversation_id == conversation_id
    return await _find(session, roll, _PEOPLE.join(Participant).where(in_it))


async def find_presences(
    session: AsyncSession, roll: Roll, user_ids: Collection[int]
) -> Sequence[Presence]:
    """Raises: Unavailable"""
    theirs = User.id == any_(literal(list(user_ids), ARRAY(BigInteger)))
    return await _find(session, roll, _PEOPLE.where(theirs))


async def _find(session: AsyncSession, roll: Roll, people: AnySelect) -> Sequence[Presence]:
    rows = (await session.execute(people)).all()
    statuses = await roll.statuses([row.id for row in rows])
    return [Presence(row.id, row.last_seen_at, row.show_presence, statuses[row.id]) for row in rows]


async def list_conversations_of(
    session: AsyncSession, user_ids: Collection[int]
) -> Sequence[tuple[int, int]]:
    """Shape: (conversation id, user id)"""
    query = (
        select(Participant.conversation_id, Participant.user_id)
        .where(Participant.user_id == any_(literal(list(user_ids), ARRAY(BigInteger))))
        .order_by(Participant.user_id, Participant.conversation_id)
    )
    return [(row.conversation_id, row.user_id) for row in await session.execute(query)]
