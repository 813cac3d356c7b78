"""Changing the address and the password of one's account."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import confirming, mail_limits, new_password
from app.accounts.schemas import AccountEdit, PasswordWish
from app.auth.access import Device, SignedIn
from app.auth.actions import Notice, Reception, proven, record, tell
from app.kit.jobs import enqueue
from app.models import Purpose, User


async def change(house: Reception, me: SignedIn, edit: AccountEdit, device: Device) -> User:
    """Raises: Invalid, TooMany"""
    must_confirm = house.settings.confirmation_required
    if must_confirm and edit.email not in (None, me.user.email):
        await mail_limits.check(house, Purpose.CONFIRMATION, edit.email, device)
    # Before they have proven who they are: no unit of work waits for bcrypt.
    hashed = await _hash(house, me, edit)
    async with proven(house, me, edit, device) as (session, user):
        if hashed is not None:
            # The login that asks stays.
            await new_password.replace(session, user, hashed, keep_login=me.login_id)
            record(session, user.id, "password_changed", device, login_id=me.login_id)
            await tell(session, user.id, Notice.PASSWORD_CHANGED)
        if edit.email == user.email:  # Any other that they asked for is taken back.
            user.unconfirmed_email = None
        elif edit.email is not None and must_confirm:
            await _ask_for_email(session, user, edit.email)
            record(session, user.id, "email_change_asked", device, login_id=me.login_id)
        elif edit.email is not None:
            await confirming.move(session, user, edit.email)
            record(session, user.id, "email_changed", device, login_id=me.login_id)
        return user


async def _hash(house: Reception, me: SignedIn, edit: AccountEdit) -> str | None:
    if edit.password is None:
        return None
    confirmation = edit.password_confirmation
    wish = PasswordWish(password=edit.password, password_confirmation=confirmation)
    return await new_password.hash_next(house, me.user, wish, edit.email)


async def _ask_for_email(session: AsyncSession, user: User, email: str) -> None:
    """The old address stays until the new one is confirmed, and hears of it.

    Whether somebody else has the new one, only its owner is told.
    """
    user.unconfirmed_email = email
    await enqueue(session, "accounts.mail_confirmation", {"user_id": user.id})
    await tell(session, user.id, Notice.EMAIL_CHANGE_ASKED)
