"""Questions about accounts and the links that were mailed to them."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import digest
from app.models import MailedToken, Purpose, User


async def find_owner(
    session: AsyncSession, purpose: Purpose, token: str, *, lock: bool = False
) -> User | None:
    """Whose link this is, if it is still good, and if the address it went to is still theirs.

    `lock`: nobody changes them meanwhile.
    """
    query = (
        select(User)
        .join(MailedToken, MailedToken.user_id == User.id)
        .where(
            MailedToken.purpose == purpose,
            MailedToken.digest == digest(token),
            MailedToken.expires_at > func.now(),
            MailedToken.email.in_([User.email, User.unconfirmed_email]),
        )
    )
    if lock:
        query = query.with_for_update(of=User, key_share=True)
    return (await session.execute(query)).scalar_one_or_none()


async def list_ids_by_unconfirmed_email(
    session: AsyncSession, email: str, *, limit: int
) -> Sequence[int]:
    """The newest first."""
    query = (
        select(User.id)
        .where(func.lower(User.unconfirmed_email) == email.strip().lower())
        .order_by(User.id.desc())
        .limit(limit)
    )
    return (await session.execute(query)).scalars().all()
