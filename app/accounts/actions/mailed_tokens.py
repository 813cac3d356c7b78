"""What a link in a mail proves: made by whoever writes the mail, redeemed once, and forgotten."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import queries
from app.auth.access import digest
from app.kit.errors import Invalid
from app.kit.pruning import forget_portion
from app.kit.settings import Settings
from app.models import MailedToken, Purpose, User

_SECRET_BYTES = 32
# Devise's names for them.
_FIELDS = {
    Purpose.PASSWORD: "reset_password_token",
    Purpose.CONFIRMATION: "confirmation_token",
    Purpose.UNLOCK: "unlock_token",
}


@dataclass(frozen=True)
class Redeemed:
    """Whose link it was, locked; and the address that it went to, which is theirs."""

    user: User
    email: str


async def issue(
    session: AsyncSession, settings: Settings, user_id: int, purpose: Purpose, email: str
) -> str:
    """A new one replaces the one before it. The mail alone may hold what this answers."""
    token = secrets.token_urlsafe(_SECRET_BYTES)
    values = {
        "email": email,
        "digest": digest(token),
        "created_at": func.now(),
        "expires_at": func.now() + _lasts(settings, purpose),
    }
    new = insert(MailedToken).values(user_id=user_id, purpose=purpose, **values)
    one_of_each = [MailedToken.user_id, MailedToken.purpose]
    await session.execute(new.on_conflict_do_update(index_elements=one_of_each, set_=values))
    return token


def _lasts(settings: Settings, purpose: Purpose) -> timedelta:
    hours = {
        Purpose.PASSWORD: settings.reset_lasts_hours,
        Purpose.CONFIRMATION: settings.confirmation_lasts_hours,
        Purpose.UNLOCK: settings.unlock_lasts_hours,
    }
    return timedelta(hours=hours[purpose])


async def open_owner(session: AsyncSession, purpose: Purpose, token: str) -> User:
    """Whose link it is, without using it up. Raises: Invalid"""
    owner = await queries.find_owner(session, purpose, token)
    if owner is None:
        raise _invalid(purpose)
    return owner


async def redeem(session: AsyncSession, purpose: Purpose, token: str) -> Redeemed:
    """Use it up. Of two at once one does; rolled back, it was not used.

    Raises: Invalid
    """
    # The person before their token: whoever changes a person takes them in this order.
    owner = await queries.find_owner(session, purpose, token, lock=True)
    used = (
        delete(MailedToken)
        .where(MailedToken.purpose == purpose, MailedToken.digest == digest(token))
        .returning(MailedToken.email)
    )
    email = (await session.execute(used)).scalar_one_or_none()
    if owner is None or email is None:
        raise _invalid(purpose)
    return Redeemed(owner, email)


def _invalid(purpose: Purpose) -> Invalid:
    """Never made, used, replaced, too old, or of another purpose: nobody is told which."""
    return Invalid.field(_FIELDS[purpose], "invalid", "is invalid")


async def forget_expired(session: AsyncSession) -> bool:
    """A portion of those that nobody followed. Answers whether there may be more."""
    return await forget_portion(session, MailedToken.id, MailedToken.expires_at <= func.now())


async def forget(session: AsyncSession, user_id: int) -> None:
    """All that were mailed to somebody: after their password or their address has changed."""
    await session.execute(delete(MailedToken).where(MailedToken.user_id == user_id))
