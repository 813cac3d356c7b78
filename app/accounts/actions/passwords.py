"""A lost password: a link by mail, and a new one for whoever follows it."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import letters
from app.accounts.actions import confirming, mail_limits, mailed_tokens, new_password
from app.accounts.schemas import PasswordReset
from app.auth.access import Device
from app.auth.actions import Entrance, Notice, Reception, factor, record, tell
from app.auth.queries import find_by_email, find_unconfirmed
from app.kit.jobs import enqueue
from app.kit.mail import Mail
from app.kit.settings import Settings
from app.models import Purpose


async def ask(house: Reception, email: str, device: Device) -> None:
    """It does not look whose it is: the same for everybody, also in time. Raises: TooMany"""
    await mail_limits.check(house, Purpose.PASSWORD, email, device)
    async with house.database.unit_of_work() as session:
        await enqueue(session, "accounts.mail_reset", {"email": email})


async def write_reset(session: AsyncSession, settings: Settings, email: str) -> Mail | None:
    """To the address as it is stored: what was typed may only look like it."""
    user = await find_by_email(session, email) or await find_unconfirmed(session, email)
    address = (user.email or user.unconfirmed_email) if user else None
    if user is None or address is None:
        return None
    token = await mailed_tokens.issue(session, settings, user.id, Purpose.PASSWORD, address)
    return letters.reset(settings, address, token)


async def reset(house: Reception, draft: PasswordReset, device: Device) -> Entrance:
    """Whoever reads their mail is who they are; so their address is confirmed as well.

    Raises: Invalid for a link that is not good, or a password that does not do; what `factor.check`
    raises: the link then stays good; TooMany.
    """
    token = draft.reset_password_token
    async with house.database.autocommit() as session:
        owner = await mailed_tokens.open_owner(session, Purpose.PASSWORD, token)
    hashed = await new_password.hash_next(house, owner, draft)
    async with house.database.unit_of_work() as session:
        redeemed = await mailed_tokens.redeem(session, Purpose.PASSWORD, token)
        user = redeemed.user
        await factor.check(house, session, user, draft.otp_attempt, device)
        await new_password.replace(session, user, hashed)
        await confirming.settle(session, redeemed)
        record(session, user.id, "password_reset", device)
        await tell(session, user.id, Notice.PASSWORD_RESET)
        return await house.front_desk.admit(session, user, device)
