"""Ending one's logins, and forgetting those that ended by themselves."""

from datetime import timedelta

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device, SignedIn
from app.auth.actions import end_logins, record
from app.kit.errors import NotFound
from app.kit.pruning import forget_portion
from app.logins.queries import IS_DEVICE
from app.models import Login

# Nothing opens with them any more; for a while they say to whoever looks into it how it was.
_KEPT_AFTER_THE_END = timedelta(days=30)


async def end(session: AsyncSession, me: SignedIn, login_id: int, device: Device) -> None:
    """One's own may be ended like any other. Raises: NotFound, also for somebody else's."""
    if not await end_logins(session, me.user.id, IS_DEVICE, Login.id == login_id):
        raise NotFound
    record(session, me.user.id, "login_ended", device, login_id=login_id)


async def end_others(session: AsyncSession, me: SignedIn, device: Device) -> None:
    ended = await end_logins(session, me.user.id, IS_DEVICE, Login.id != me.login_id)
    for login_id in ended:
        record(session, me.user.id, "login_ended", device, login_id=login_id)


async def forget_ended_logins(session: AsyncSession) -> bool:
    """A portion of those, and of tokens, that ended long ago. Answers whether there may be more."""
    ended_long_ago = Login.expires_at < func.now() - _KEPT_AFTER_THE_END
    return await forget_portion(session, Login.id, ended_long_ago)
