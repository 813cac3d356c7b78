"""Closing an account: the person goes, what they wrote stays."""

import structlog
from sqlalchemy import delete, func
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device, SignedIn
from app.auth.actions import Notice, Reception, end_other_logins, proven, tell
from app.auth.events import topic_of_user
from app.auth.schemas import Proof
from app.kit import log
from app.kit.jobs import enqueue
from app.models import Activity, MailedToken, RecoveryCode, SecondFactor, User

logger = structlog.get_logger()

DELETED_NAME = "Deleted user"
_AFTERWARDS = (
    "members.pass_on_groups",
    "members.show_anew",
    "receipts.forget",
    "attachments.forget_unattached",
)


async def close(house: Reception, me: SignedIn, proof: Proof, device: Device) -> None:
    """Conversations go on without them. Raises: Invalid, TooMany"""
    async with proven(house, me, proof, device) as (session, user):
        await tell(session, user.id, Notice.ACCOUNT_CLOSED)
        await end_other_logins(session, user.id)
        await _forget(session, user)
        for job in _AFTERWARDS:
            await enqueue(session, job, {"user_id": user.id})
    # In the log alone: a row would outlive what it belongs to.
    logger.info("account.closed", user_id=user.id, address=device.address)


async def _forget(session: AsyncSession, user: User) -> None:
    """All that says who they were, also in what they have heard. An empty hash never verifies."""
    for table in (MailedToken, SecondFactor, RecoveryCode, Activity):
        await session.execute(delete(table).where(table.user_id == user.id))
    await log.forget(session, topic_of_user(user.id))
    user.email = user.unconfirmed_email = user.confirmed_at = None
    user.encrypted_password = ""
    user.username = user.avatar_url = user.last_seen_at = None
    user.name = DELETED_NAME
    user.read_receipts = False
    user.deleted_at = func.now()
    user.untold_since = func.clock_timestamp()
