"""Accounts that nobody has confirmed."""

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.queries import HAS_ACCOUNT
from app.kit.pruning import forget_portion
from app.models import User


async def forget_unconfirmed(session: AsyncSession, days: int) -> bool:
    """A portion of those older than that. Answers whether there may be more.

    Their usernames are free again. Those who were closed have no address to be confirmed.
    """
    is_unconfirmed = ~HAS_ACCOUNT & User.unconfirmed_email.is_not(None)
    is_old = User.created_at < func.now() - timedelta(days=days)
    return await forget_portion(session, User.id, is_unconfirmed & is_old)
