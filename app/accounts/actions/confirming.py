"""Showing that an address is one's own: of a new account, or another one of an old account."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import letters
from app.accounts.actions import mail_limits, mailed_tokens
from app.accounts.actions.mailed_tokens import Redeemed
from app.accounts.actions.taken import flush_unless_taken
from app.accounts.events import profile_edited
from app.accounts.queries import list_ids_by_unconfirmed_email
from app.auth.access import Device
from app.auth.actions import Notice, Reception, record, tell
from app.auth.events import looks_changed
from app.auth.queries import find_by_email
from app.kit.db import announce
from app.kit.jobs import enqueue
from app.kit.mail import Mail
from app.kit.settings import Settings
from app.models import Purpose, User

_LINKS_MAX = 3


async def ask_again(house: Reception, email: str, device: Device) -> None:
    """It does not look whose it is: the same for everybody, also in time. Raises: TooMany"""
    await mail_limits.check(house, Purpose.CONFIRMATION, email, device)
    async with house.database.unit_of_work() as session:
        await enqueue(session, "accounts.mail_confirmation_again", {"email": email})


async def write_again(session: AsyncSession, email: str) -> None:
    """To each who has named it, lately: one alone might not be the one who asks."""
    for user_id in await list_ids_by_unconfirmed_email(session, email, limit=_LINKS_MAX):
        await enqueue(session, "accounts.mail_confirmation", {"user_id": user_id})


async def write_link(session: AsyncSession, settings: Settings, user_id: int) -> Mail | None:
    """Whose address it is already hears of it, and nobody else does."""
    query = select(User.unconfirmed_email).where(User.id == user_id).with_for_update(key_share=True)
    email = (await session.execute(query)).scalar_one_or_none()
    if email is None:  # Confirmed meanwhile, or closed.
        return None
    owner = await find_by_email(session, email)
    if owner is not None and owner.email is not None:
        return letters.address_wanted(settings, owner.email)
    token = await mailed_tokens.issue(session, settings, user_id, Purpose.CONFIRMATION, email)
    return letters.confirmation(settings, email, token)


async def confirm(house: Reception, token: str, device: Device) -> User:
    """Raises: Invalid for a link that is not good, or when somebody else was sooner."""
    async with house.database.unit_of_work() as session:
        redeemed = await mailed_tokens.redeem(session, Purpose.CONFIRMATION, token)
        await settle(session, redeemed)
        record(session, redeemed.user.id, "email_confirmed", device)
        return redeemed.user


async def settle(session: AsyncSession, redeemed: Redeemed) -> None:
    """The address is theirs from now on. Raises: Invalid when it is somebody else's by now."""
    user, old = redeemed.user, redeemed.user.email
    user.confirmed_at = func.now()
    if redeemed.email != old:
        await move(session, user, redeemed.email)


async def move(session: AsyncSession, user: User, email: str) -> None:
    """To another address. Links that the old one got are dead, and it hears of the move.

    Raises: Invalid when it is somebody else's.
    """
    old, user.email, user.unconfirmed_email = user.email, email, None
    await flush_unless_taken(session)
    await mailed_tokens.forget(session, user.id)
    announce(session, profile_edited(user))
    announce(session, looks_changed(user.id))
    if old is not None:
        await tell(session, user.id, Notice.EMAIL_CHANGED, email=old)
