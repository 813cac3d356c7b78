"""Changing the address and the password of one's account."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.actions import confirming, mail_limits, mailed_tokens, new_password
from app.accounts.schemas import AccountEdit, PasswordWish
from app.auth.access import Device, SignedIn
from app.auth.actions import Notice, Reception, proven, record, tell
from app.kit.jobs import enqueue
from app.models import Purpose, User


async def change(house: Reception, me: SignedIn, edit: AccountEdit, device: Device) -> User:
    """The login that asks stays. Raises: Invalid, TooMany"""
    must_confirm = house.settings.confirmation_required
    moves_to = edit.email if edit.email != me.user.email else None
    if moves_to is not None and must_confirm:
        await mail_limits.check(house, Purpose.CONFIRMATION, moves_to, device)
    # Before they have proven who they are: no unit of work waits for bcrypt.
    hashed = await _hash(house, edit)
    async with proven(house, me, edit, device) as (session, user):
        if hashed is not None:
            await new_password.replace(session, user, hashed, keep_login=me.login_id)
            record(session, user.id, "password_changed", device, login_id=me.login_id)
            await tell(session, user.id, Notice.PASSWORD_CHANGED)
        if moves_to is not None:
            change_email = _ask_for_email if must_confirm else confirming.move
            await change_email(session, user, moves_to)
            what = "email_change_asked" if must_confirm else "email_changed"
            record(session, user.id, what, device, login_id=me.login_id)
        elif edit.email is not None:
            await _stay(session, user)
        return user


async def _hash(house: Reception, edit: AccountEdit) -> str | None:
    if edit.password is None:
        return None
    confirmation = edit.password_confirmation
    wish = PasswordWish(password=edit.password, password_confirmation=confirmation)
    return await new_password.hash_new(house, wish)


async def _ask_for_email(session: AsyncSession, user: User, email: str) -> None:
    """The old address stays until the new one is confirmed, and hears of it.

    Whether somebody else has the new one, only its owner is told.
    """
    user.unconfirmed_email = email
    await mailed_tokens.forget(session, user.id)
    await enqueue(session, "accounts.mail_confirmation", {"user_id": user.id})
    await tell(session, user.id, Notice.EMAIL_CHANGE_ASKED)


async def _stay(session: AsyncSession, user: User) -> None:
    """They named the address that they have: whatever else they asked for is forgotten."""
    user.unconfirmed_email = None
    await mailed_tokens.forget(session, user.id)
