"""Signing in and out."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.access import Device, SignedIn
from app.auth.actions import factor
from app.auth.actions.audit import record, record_in_equal_time
from app.auth.actions.desk import Entrance
from app.auth.actions.locking import lock_unchanged
from app.auth.actions.logins import end_logins
from app.auth.actions.reception import Reception
from app.auth.schemas import Credentials
from app.kit.errors import Unauthenticated
from app.models import Carrier, Login


class WrongCredentials(Unauthenticated):
    code = "invalid_credentials"
    message = "Invalid Email or password."


class Unconfirmed(Unauthenticated):
    code = "unconfirmed"
    message = "You have to confirm your email address before continuing."


async def sign_in(
    house: Reception, attempt: Credentials, device: Device, carrier: Carrier = Carrier.COOKIE
) -> Entrance:
    """No connection is held while bcrypt works: a crowd at the door must not starve the house.

    Raises: WrongCredentials, in the same time for an unknown e-mail as for a wrong password; and to
    those only who know the password, Unconfirmed and what `factor.check` raises.
    """
    async with house.database.unit_of_work() as session:
        user = await queries.find_by_email(session, attempt.email)
    hashed = user.encrypted_password if user else None
    verdict = await house.passwords.verify(attempt.password, hashed)
    async with house.database.unit_of_work() as session:
        known = await lock_unchanged(session, user) if user and verdict.is_right else None
        if known is not None:
            await factor.check(house, session, known, attempt.otp_attempt, device)
            if verdict.better_hash:
                known.encrypted_password = verdict.better_hash
            return await house.front_desk.admit(
                session, known, device, remembered=attempt.remember_me, carrier=carrier
            )
        # Of an e-mail that nobody has, not even a digest is logged: it may be a typed password.
        await record_in_equal_time(session, user.id if user else None, "sign_in_failed", device)
    if house.settings.confirmation_required:
        await _look_among_unconfirmed(house, attempt)
    raise WrongCredentials


async def _look_among_unconfirmed(house: Reception, attempt: Credentials) -> None:
    """Whether or not the address has an account besides: it must take as long, and say the same.

    Raises: Unconfirmed
    """
    async with house.database.autocommit() as session:
        user = await queries.find_unconfirmed(session, attempt.email)
    hashed = user.encrypted_password if user else None
    if (await house.passwords.verify(attempt.password, hashed)).is_right:
        raise Unconfirmed


async def sign_out(session: AsyncSession, signed_in: SignedIn, device: Device) -> None:
    if await end_logins(session, signed_in.user.id, Login.id == signed_in.login_id):
        record(session, signed_in.user.id, "signed_out", device, login_id=signed_in.login_id)
