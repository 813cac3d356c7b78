"""Questions about accounts."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.schemas import UserOut
from app.kit.db import AnyRow
from app.models import User


def show_user(user: User | AnyRow, *, with_email: bool) -> UserOut:
    return {
        "id": user.id,
        "email": user.email if with_email else None,
        "username": user.username,
        "name": user.name,
        "avatar_url": user.avatar_url,
    }


async def find_by_email(session: AsyncSession, email: str) -> User | None:
    query = select(User).where(func.lower(User.email) == email.strip().lower())
    return (await session.execute(query)).scalar_one_or_none()
