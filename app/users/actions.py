"""Changing one's own profile."""

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import flush_unless_taken
from app.kit.db import announce
from app.models import User
from app.users.events import profile_edited
from app.users.schemas import ProfileEdit


async def edit_profile(session: AsyncSession, user: User, edit: ProfileEdit) -> User:
    """Raises: Invalid when the username belongs to somebody else."""
    changes = edit.model_dump(exclude_unset=True)
    for field, value in changes.items():
        setattr(user, field, value)
    if changes:
        user.updated_at = func.now()
    await flush_unless_taken(session)
    if changes:
        announce(session, profile_edited(user))
    return user
