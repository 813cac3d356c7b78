"""Questions about accounts, and about what their owners may still hear."""

from collections.abc import Collection

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.schemas import MeOut, UserOut
from app.kit.db import AnyRow
from app.models import Participant, User


def show_user(user: User | AnyRow, *, with_email: bool) -> UserOut:
    return {
        "id": user.id,
        "email": user.email if with_email else None,
        "username": user.username,
        "name": user.name,
        "avatar_url": user.avatar_url,
    }


def show_oneself(user: User) -> MeOut:
    return {
        **show_user(user, with_email=True),
        "show_presence": user.show_presence,
        "read_receipts": user.read_receipts,
    }


def facts(user: User) -> tuple[str | None, ...]:
    """What others know of somebody, and would guess their password from."""
    return user.email, user.username, user.name


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    query = select(User).where(func.lower(User.email) == email.strip().lower())
    return (await session.execute(query)).scalar_one_or_none()


# Who has closed their account has no address, and who has not confirmed theirs has none yet.
HAS_ACCOUNT = User.email.is_not(None)


async def find_unconfirmed(session: AsyncSession, email: str) -> User | None:
    """The newest account that would have this address if it were confirmed."""
    is_wanted = func.lower(User.unconfirmed_email) == email.strip().lower()
    query = select(User).where(~HAS_ACCOUNT, is_wanted).order_by(User.id.desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def list_memberships(session: AsyncSession, user_id: int) -> dict[int, int]:
    """Of this person. Shape: conversation id -> the position from which on it is news to them"""
    query = select(Participant.conversation_id, Participant.joined_seq)
    mine = query.where(Participant.user_id == user_id).order_by(Participant.conversation_id)
    return {row.conversation_id: row.joined_seq for row in await session.execute(mine)}


# An array is one parameter, however many listen; a list of them would end at 32,767.
_STILL_GOOD = text("""
    SELECT id FROM logins
    WHERE id = ANY(:login_ids) AND (expires_at IS NULL OR expires_at > now())
""")


async def find_ended_logins(session: AsyncSession, login_ids: Collection[int]) -> set[int]:
    """Which of these logins are no longer good?"""
    rows = await session.execute(_STILL_GOOD, {"login_ids": list(login_ids)})
    return set(login_ids) - set(rows.scalars())


_STILL_MEMBERS = text("""
    SELECT conversation_id, user_id FROM participants JOIN unnest(
        cast(:conversation_ids AS bigint[]), cast(:user_ids AS bigint[])
    ) AS wanted(conversation_id, user_id) USING (conversation_id, user_id)
""")


async def find_ended_memberships(
    session: AsyncSession, memberships: Collection[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Which of these (conversation id, user id) are no longer so?"""
    values = {
        "conversation_ids": [conversation_id for conversation_id, _ in memberships],
        "user_ids": [user_id for _, user_id in memberships],
    }
    rows = await session.execute(_STILL_MEMBERS, values)
    return set(memberships) - {(row.conversation_id, row.user_id) for row in rows}
