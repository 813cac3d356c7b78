"""Keeping what happened to an account: a row for its owner, and a line in the log.

Neither holds a secret: no password, code, token, cookie, or text that somebody wrote.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, insert, literal, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device
from app.kit.db import keep, note
from app.models import Activity, User

# Words of ours, and no other text: so they are bounded.
Detail = bool | int | StrEnum


def record(
    session: AsyncSession,
    user_id: int,
    name: str,
    device: Device,
    *,
    login_id: int | None = None,
    **details: Detail,
) -> None:
    """`name` is in the past tense, such as `signed_in`."""
    session.add(_row(user_id, name, device, login_id, details))
    note(session, f"account.{name}", **_facts(user_id, device, login_id), **details)


def record_refusal(
    session: AsyncSession, user_id: int, name: str, device: Device, *, login_id: int | None = None
) -> None:
    """The same for what is refused with an error in this unit of work: this alone is kept."""
    row = _row(user_id, name, device, login_id, {})
    keep(session, row, f"account.{name}", **_facts(user_id, device, login_id))


# Else the disk would tell: who has an account is waited for, and who has none is not. A crash may
# take the failures of its last second along.
_WITHOUT_WAITING_FOR_THE_DISK = text("SET LOCAL synchronous_commit = off")


async def record_in_equal_time(
    session: AsyncSession, user_id: int | None, name: str, device: Device
) -> None:
    """For what strangers cause and watch the clock: the same statements, if there is such a person
    or not. Of somebody who has closed their account meanwhile nothing is kept.
    """
    await session.execute(_WITHOUT_WAITING_FOR_THE_DISK)
    facts = [literal(name), literal(device.address), literal(device.name)]
    theirs = User.id == literal(user_id, BigInteger)
    whose = select(User.id, *facts).where(theirs, User.deleted_at.is_(None))
    columns = [Activity.user_id, Activity.name, Activity.address, Activity.device]
    await session.execute(insert(Activity).from_select(columns, whose))
    note(session, f"account.{name}", **_facts(user_id, device, None))


def _row(
    user_id: int, name: str, device: Device, login_id: int | None, details: dict[str, Any]
) -> Activity:
    return Activity(
        user_id=user_id,
        name=name,
        login_id=login_id,
        address=device.address,
        device=device.name,
        details=details,
    )


def _facts(user_id: int | None, device: Device, login_id: int | None) -> dict[str, Any]:
    return {"user_id": user_id, "login_id": login_id, "address": device.address}
