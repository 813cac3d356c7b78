"""Ending one's logins."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device, SignedIn
from app.auth.actions import end_logins, record
from app.kit.errors import NotFound
from app.logins.queries import IS_DEVICE
from app.models import Login


async def end(session: AsyncSession, me: SignedIn, login_id: int, device: Device) -> None:
    """One's own may be ended like any other. Raises: NotFound, also for somebody else's."""
    if not await end_logins(session, me.user.id, IS_DEVICE, Login.id == login_id):
        raise NotFound
    record(session, me.user.id, "login_ended", device, login_id=login_id)


async def end_others(session: AsyncSession, me: SignedIn, device: Device) -> None:
    ended = await end_logins(session, me.user.id, IS_DEVICE, Login.id != me.login_id)
    for login_id in ended:
        record(session, me.user.id, "login_ended", device, login_id=login_id)
