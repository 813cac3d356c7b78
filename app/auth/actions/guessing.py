"""How often one may try to sign in: by address, by account, and by both.

All are counted before the password is looked at, so twenty guesses at once are twenty guesses.
"""

from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device
from app.auth.actions.reception import Reception
from app.kit import jobs
from app.kit.errors import TooMany
from app.models import Activity, User

# What shows that an address is theirs, and for how long.
_THEIRS = ("signed_up", "signed_in", "unlocked")
_THEIRS_FOR = timedelta(days=30)
_MAIL_RATE = "1/hour"


class AccountLocked(TooMany):
    code = "account_locked"
    message = (
        "Too many attempts. If there is an account with this address, it was mailed a link"
        " that unlocks it"
    )


async def count_guess(house: Reception, email: str, device: Device) -> None:
    """Whoever guesses from many addresses locks the account for those, and not for its owner, who
    comes from an address that is known.

    Raises: TooMany; AccountLocked, also where there is no account.
    """
    settings, limits = house.settings, house.limits
    await limits.check(settings.sign_in_address_rate, "sign_in_address", device.address)
    await limits.check(settings.sign_in_rate, "sign_in", device.address, email)
    async with house.database.autocommit() as session:
        if await _is_theirs(session, email, device.address):
            return
    try:
        await limits.check(settings.sign_in_account_rate, *_account(email))
    except TooMany as refusal:
        await _mail_unlock_link(house, email)
        raise AccountLocked(headers=refusal.headers) from None


async def _mail_unlock_link(house: Reception, email: str) -> None:
    """One, however many guesses follow. The job looks whether there is such an account."""
    if await house.limits.allows(_MAIL_RATE, "unlock_mail", email):
        async with house.database.unit_of_work() as session:
            await jobs.enqueue(session, "accounts.mail_unlock_link", {"email": email})


async def _is_theirs(session: AsyncSession, email: str, address: str) -> bool:
    """They came in from this address before."""
    query = select(
        exists().where(
            Activity.user_id == User.id,
            func.lower(User.email) == email,
            Activity.address == address,
            Activity.name.in_(_THEIRS),
            Activity.at > func.now() - _THEIRS_FOR,
        )
    )
    return bool((await session.execute(query)).scalar_one())


async def forget_guesses(house: Reception, email: str) -> None:
    """Strangers may try again."""
    await house.limits.forget(house.settings.sign_in_account_rate, *_account(email))


def _account(email: str) -> tuple[str, str]:
    return "sign_in_account", email
