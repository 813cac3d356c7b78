"""Opening an account again that strangers guessed at until it was locked."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import letters
from app.accounts.actions import mail_limits, mailed_tokens
from app.auth.access import Device
from app.auth.actions import Reception, forget_guesses, record
from app.auth.queries import find_by_email
from app.kit.jobs import enqueue
from app.kit.mail import Mail
from app.kit.settings import Settings
from app.models import Purpose


async def ask_to_unlock(house: Reception, email: str, device: Device) -> None:
    """It does not look whose it is: the same for everybody, also in time. Raises: TooMany"""
    await mail_limits.check(house, Purpose.UNLOCK, email, device)
    async with house.database.unit_of_work() as session:
        await enqueue(session, "accounts.mail_unlock_link", {"email": email})


async def write_unlock(session: AsyncSession, settings: Settings, email: str) -> Mail | None:
    user = await find_by_email(session, email)
    if user is None or user.email is None:
        return None
    token = await mailed_tokens.issue(session, settings, user.id, Purpose.UNLOCK, user.email)
    return letters.unlock(settings, user.email, token)


async def unlock(house: Reception, token: str, device: Device) -> None:
    """From where the link was followed they come in from now on, however strangers guess on.

    Raises: Invalid for a link that is not good
    """
    async with house.database.unit_of_work() as session:
        redeemed = await mailed_tokens.redeem(session, Purpose.UNLOCK, token)
        record(session, redeemed.user.id, "unlocked", device)
    await forget_guesses(house, redeemed.email.lower())
