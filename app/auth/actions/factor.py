"""The second factor of those who have one: what they enter, held against it."""

import re

import pyotp
import structlog
from pyotp.exceptions import OTPVerificationError
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device
from app.auth.actions import recovery
from app.auth.actions.audit import record, record_refusal
from app.auth.actions.notify import Notice, tell
from app.auth.actions.reception import Reception
from app.kit import clock
from app.kit.errors import Unauthenticated
from app.kit.limits import Limit
from app.models import SecondFactor, User

logger = structlog.get_logger()

# Of 30 seconds, back and forth: clocks of phones are not ours, and typing takes time.
_WINDOW_STEPS = 1
_CODE = re.compile("[0-9]{6}")


class SecondFactorRequired(Unauthenticated):
    code = "second_factor_required"
    message = "Enter the code of your authenticator"


class InvalidSecondFactor(Unauthenticated):
    code = "invalid_second_factor"
    message = "This code is wrong, or was used before"


async def check(
    house: Reception, session: AsyncSession, user: User, entered: str | None, device: Device
) -> None:
    """Let pass who has no second factor, and who enters a code that is good, which it is once.

    Ask it last, when everything else is known to be right: what it refuses tells that much. The
    refusal leaves its trace, and whatever else was done in this unit of work is rolled back.
    Raises: SecondFactorRequired, InvalidSecondFactor; TooMany
    """
    in_force = SecondFactor.user_id == user.id, SecondFactor.enabled_at.is_not(None)
    factor = (await session.execute(select(SecondFactor).where(*in_force))).scalar_one_or_none()
    if factor is None:
        return
    if not entered:
        raise SecondFactorRequired
    if _CODE.fullmatch(entered):
        is_good = await take_code(house, session, factor, entered)
    elif is_good := await recovery.spend(session, user.id, entered):
        record(session, user.id, "recovery_code_used", device)
        await tell(session, user.id, Notice.RECOVERY_CODE_USED)
    if not is_good:
        record_refusal(session, user.id, "second_factor_failed", device)
        raise InvalidSecondFactor


async def take_code(
    house: Reception, session: AsyncSession, factor: SecondFactor, code: str
) -> bool:
    """Is it a code of this secret, of now, later than the last one? From then on it was the last.

    Raises: TooMany. Recovery codes are not counted: nobody guesses them, and so nobody who knows
    the password can keep the owner out by guessing.
    """
    rate, whose = house.settings.authenticator_rate, str(factor.user_id)
    await house.limits.check(Limit("authenticator", rate, whose))
    opened = house.vault.open(factor.secret)
    if opened is None:
        logger.error("second_factor.unreadable", user_id=factor.user_id)
        return False
    step = _find_step(opened.text, code)
    if step is None:
        return False
    query = (
        update(SecondFactor)
        .where(SecondFactor.user_id == factor.user_id, SecondFactor.secret == factor.secret)
        .where(SecondFactor.last_step < step)
        .values(last_step=step, secret=opened.locked)
    )
    taken = await session.execute(query.returning(SecondFactor.user_id))
    return taken.one_or_none() is not None


def _find_step(secret: str, code: str) -> int | None:
    """Of which step, of those that are near enough, is this the code? Source: RFC 6238."""
    now = clock.unix_seconds()
    try:
        return pyotp.TOTP(secret).verify_and_get_timecode(
            code, for_time=now, valid_window=_WINDOW_STEPS
        )
    except OTPVerificationError:
        return None
