"""Having an account to oneself until the commit."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import Login, User


async def lock_unchanged(
    session: AsyncSession, user: User, login_id: int | None = None
) -> User | None:
    """As they are now, unless they changed their password meanwhile, or ended this login."""
    is_unchanged = User.encrypted_password == user.encrypted_password
    query = select(User).where(User.id == user.id, is_unchanged)
    if login_id is not None:
        query = query.join(Login).where(Login.id == login_id)
    locked = query.with_for_update(of=User, key_share=True)
    return (await session.execute(locked)).scalar_one_or_none()
