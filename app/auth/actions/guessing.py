"""How often one may try to sign in: by address, by account, and by both.

All are counted before the password is looked at, so twenty guesses at once are twenty guesses.
"""

from datetime import timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device
from app.auth.actions.reception import Reception
from app.kit import jobs, networks
from app.kit.errors import TooMany
from app.kit.limits import Limit
from app.kit.settings import Settings
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
    where = networks.key_of(device.address)
    await limits.check(
        Limit("sign_in_address", settings.sign_in_address_rate, where),
        Limit("sign_in", settings.sign_in_rate, f"{where} {email}"),
    )
    async with house.database.autocommit() as session:
        if await _is_theirs(session, email, device.address):
            return
    try:
        await limits.check(_into_account(settings, email))
    except TooMany as refusal:
        await _mail_unlock_link(house, email)
        raise AccountLocked(headers=refusal.headers) from None


async def _mail_unlock_link(house: Reception, email: str) -> None:
    """One, however many guesses follow. The job looks whether there is such an account."""
    if await house.limits.allows(Limit("unlock_mail", _MAIL_RATE, email)):
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
    await house.limits.forget(_into_account(house.settings, email))


def _into_account(settings: Settings, email: str) -> Limit:
    return Limit("sign_in_account", settings.sign_in_account_rate, email)
