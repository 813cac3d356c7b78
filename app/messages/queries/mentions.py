"""Who is mentioned."""

from itertools import chain

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.messages.naming import EVERYONE, names_in
from app.messages.schemas import CALL_EVERYONE_MAX
from app.models import Participant, Role, User
from app.unread.mentions import Mentions


async def find_mentions(
    session: AsyncSession, conversation_id: int, author_id: int, body: str
) -> Mentions:
    """Those in the conversation who are named, but for the author. Most texts cost no query."""
    if not (names := names_in(body)):
        return Mentions([])
    everyone = [EVERYONE] in names or any(EVERYONE in readings for readings in names)
    known = await _find_named(session, conversation_id, set(chain(*names)))
    found = (next((known[name] for name in readings if name in known), None) for readings in names)
    called = everyone and await _may_call_everyone(session, conversation_id, author_id)
    return Mentions(sorted({id for id in found if id} - {author_id}), called)


async def _find_named(
    session: AsyncSession, conversation_id: int, names: set[str]
) -> dict[str, int]:
    query = (
        select(User.username, User.id)
        .join(Participant)
        .where(
            Participant.conversation_id == conversation_id,
            func.lower(User.username).in_([func.lower(name) for name in sorted(names)]),
        )
    )
    rows = await session.execute(query)
    return {str(row.username).lower(): row.id for row in rows}


async def _may_call_everyone(session: AsyncSession, conversation_id: int, author_id: int) -> bool:
    is_author = Participant.user_id == author_id
    leads = Participant.role.in_((Role.OWNER, Role.ADMIN))
    query = select(func.count(), func.bool_or(is_author & leads)).where(
        Participant.conversation_id == conversation_id
    )
    people, is_leader = (await session.execute(query)).one()
    return bool(is_leader or people <= CALL_EVERYONE_MAX)
