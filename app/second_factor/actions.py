"""Turning the second factor on and off, and renewing its recovery codes."""

from datetime import UTC, datetime

import pyotp
from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device, SignedIn
from app.auth.actions import (
    Notice,
    Reception,
    end_other_logins,
    factor,
    lock_unchanged,
    proven,
    record,
    record_refusal,
    recovery,
    tell,
)
from app.auth.schemas import Proof
from app.kit.errors import Conflict, NotFound, Unauthenticated
from app.models import SecondFactor
from app.second_factor import queries
from app.second_factor.schemas import Confirmation, EnrolmentOut

_NONE = "You have no second factor"


class AlreadyEnabled(Conflict):
    code = "second_factor_enabled"
    message = "Your second factor is turned on already"


async def begin(house: Reception, me: SignedIn, proof: Proof, device: Device) -> EnrolmentOut:
    """Hand out a secret, which is not in force before it is confirmed; another one each time.

    Raises: AlreadyEnabled; what `proven` raises
    """
    secret = pyotp.random_base32()
    async with proven(house, me, proof, device) as (session, user):
        fresh = {"secret": house.vault.lock(secret), "created_at": func.now()}
        query = insert(SecondFactor).values(user_id=user.id, **fresh)
        query = query.on_conflict_do_update(
            index_elements=["user_id"], set_=fresh, where=SecondFactor.enabled_at.is_(None)
        )
        begun = await session.execute(query.returning(SecondFactor.user_id))
        if begun.one_or_none() is None:
            raise AlreadyEnabled
    account = user.email or user.unconfirmed_email or f"{user.id}"
    return queries.show_enrolment(secret, house.settings.second_factor_issuer, account)


async def confirm(
    house: Reception, session: AsyncSession, me: SignedIn, draft: Confirmation, device: Device
) -> list[str]:
    """Turn it on, and end all other logins, which were made without it.

    Without the password: the code is of a secret that only the password brought out. The account
    is locked, so nobody signs in meanwhile who has seen no second factor yet.
    Raises: NotFound when there is nothing to confirm; AlreadyEnabled, InvalidSecondFactor; TooMany
    """
    if await lock_unchanged(session, me.user, me.login_id) is None:
        raise Unauthenticated
    found = await queries.find_second_factor(session, me.user.id)
    if found is None:
        raise NotFound(_NONE)
    if found.enabled_at is not None:
        raise AlreadyEnabled
    if not await factor.take_code(house, session, found, draft.otp_attempt):
        record_refusal(session, me.user.id, "second_factor_failed", device, login_id=me.login_id)
        raise factor.InvalidSecondFactor
    found.enabled_at = datetime.now(UTC)
    await end_other_logins(session, me.user.id, but=me.login_id)
    record(session, me.user.id, "second_factor_enabled", device, login_id=me.login_id)
    await tell(session, me.user.id, Notice.SECOND_FACTOR_ENABLED)
    return await recovery.renew(session, me.user.id)


async def disable(house: Reception, me: SignedIn, proof: Proof, device: Device) -> None:
    """Raises: NotFound; what `proven` raises"""
    async with proven(house, me, proof, device) as (session, user):
        query = delete(SecondFactor).where(
            SecondFactor.user_id == user.id, SecondFactor.enabled_at.is_not(None)
        )
        gone = await session.execute(query.returning(SecondFactor.user_id))
        if gone.one_or_none() is None:
            raise NotFound(_NONE)
        await recovery.forget(session, user.id)
        record(session, user.id, "second_factor_disabled", device, login_id=me.login_id)
        await tell(session, user.id, Notice.SECOND_FACTOR_DISABLED)


async def renew_recovery_codes(
    house: Reception, me: SignedIn, proof: Proof, device: Device
) -> list[str]:
    """The old ones are dead. Raises: NotFound; what `proven` raises"""
    async with proven(house, me, proof, device) as (session, user):
        found = await queries.find_second_factor(session, user.id)
        if found is None or found.enabled_at is None:
            raise NotFound(_NONE)
        record(session, user.id, "recovery_codes_renewed", device, login_id=me.login_id)
        await tell(session, user.id, Notice.RECOVERY_CODES_RENEWED)
        return await recovery.renew(session, user.id)
