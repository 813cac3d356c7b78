"""Showing once more who one is, before what a stolen cookie may not do."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device, SignedIn
from app.auth.actions import factor
from app.auth.actions.audit import record_refusal
from app.auth.actions.locking import lock_unchanged
from app.auth.actions.reception import Reception
from app.auth.schemas import Proof
from app.kit.errors import Invalid
from app.kit.limits import Limit
from app.models import User


@asynccontextmanager
async def proven(
    house: Reception, me: SignedIn, proof: Proof, device: Device
) -> AsyncIterator[tuple[AsyncSession, User]]:
    """A unit of work in which they are known for sure, and locked: nobody changes them meanwhile.

    `me` came through a door that let go of the database: none is held while bcrypt works.
    Raises: Invalid when the password is wrong; TooMany; what `factor.check` raises
    """
    await house.limits.check(Limit("proof", house.settings.proof_rate, str(me.user.id)))
    verdict = await house.passwords.verify(proof.current_password, me.user.encrypted_password)
    async with house.database.unit_of_work() as session:
        is_right = verdict.is_right
        user = await lock_unchanged(session, me.user, me.login_id) if is_right else None
        if user is None:
            record_refusal(session, me.user.id, "proof_failed", device, login_id=me.login_id)
            raise Invalid.field("current_password", "invalid", "is invalid")
        await factor.check(house, session, user, proof.otp_attempt, device)
        yield session, user
