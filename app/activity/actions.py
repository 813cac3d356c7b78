"""Forgetting what happened long ago."""

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.pruning import forget_portion
from app.models import Activity


async def forget_old_activities(session: AsyncSession, days: int) -> bool:
    """A portion of what is older than that. Answers whether there may be more."""
    is_old = Activity.at < func.now() - timedelta(days=days)
    return await forget_portion(session, Activity.id, is_old)
