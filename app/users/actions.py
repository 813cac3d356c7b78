"""Changing one's own profile."""

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import flush_unless_taken
from app.auth.access import Device, SignedIn
from app.auth.actions import record
from app.kit.db import announce
from app.models import User
from app.users.events import profile_edited
from app.users.schemas import ProfileEdit


async def edit_profile(
    session: AsyncSession, me: SignedIn, edit: ProfileEdit, device: Device
) -> User:
    """Raises: Invalid when the username belongs to somebody else."""
    user, old_username = me.user, me.user.username
    changes = edit.model_dump(exclude_unset=True)
    for field, value in changes.items():
        setattr(user, field, value)
    if changes:
        user.updated_at = func.now()
    await flush_unless_taken(session)
    if changes:
        announce(session, profile_edited(user))
    if user.username != old_username:
        record(session, user.id, "username_changed", device, login_id=me.login_id)
    return user
