"""Accounts that nobody has confirmed."""

from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.queries import HAS_ACCOUNT
from app.models import User


async def forget_unconfirmed(session: AsyncSession, older_than_days: int) -> None:
    """Their usernames are free again. Those who were closed have no address to be confirmed."""
    is_unconfirmed = ~HAS_ACCOUNT & User.unconfirmed_email.is_not(None)
    is_old = User.created_at < func.now() - timedelta(days=older_than_days)
    await session.execute(delete(User).where(is_unconfirmed, is_old))
