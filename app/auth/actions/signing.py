"""Signing in and out."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.access import Device, SignedIn
from app.auth.actions.audit import record
from app.auth.actions.desk import Entrance
from app.auth.actions.logins import end_logins
from app.auth.actions.reception import Reception
from app.auth.schemas import Credentials
from app.kit.errors import Unauthenticated
from app.models import Carrier, Login, User


class WrongCredentials(Unauthenticated):
    code = "invalid_credentials"
    message = "Invalid Email or password."


async def sign_in(
    house: Reception, attempt: Credentials, device: Device, carrier: Carrier = Carrier.COOKIE
) -> Entrance:
    """No connection is held while bcrypt works: a crowd at the door must not starve the house.

    Raises: WrongCredentials, in the same time for an unknown e-mail as for a wrong password.
    """
    async with house.database.unit_of_work() as session:
        user = await queries.find_by_email(session, attempt.email)
    hashed = user.encrypted_password if user else None
    verdict = await house.passwords.verify(attempt.password, hashed)
    async with house.database.unit_of_work() as session:
        known = await _lock(session, user) if user and verdict.is_right else None
        if known is not None:
            if verdict.better_hash:
                known.encrypted_password = verdict.better_hash
            return await house.front_desk.admit(
                session, known, device, remembered=attempt.remember_me, carrier=carrier
            )
        if user is not None:
            record(session, user.id, "sign_in_failed", device)
    raise WrongCredentials


async def _lock(session: AsyncSession, user: User) -> User | None:
    """As they are now, unless their password was changed while it was being verified."""
    is_unchanged = User.encrypted_password == user.encrypted_password
    query = select(User).where(User.id == user.id, is_unchanged).with_for_update()
    return (await session.execute(query)).scalar_one_or_none()


async def sign_out(session: AsyncSession, signed_in: SignedIn, device: Device) -> None:
    if await end_logins(session, signed_in.user.id, Login.id == signed_in.login_id):
        record(session, signed_in.user.id, "signed_out", device, login_id=signed_in.login_id)
