"""Keeping what happened to an account: a row for its owner, and a line in the log.

Neither holds a secret: no password, code, token, cookie, or text that somebody wrote.
"""

from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device
from app.kit.db import keep, note
from app.models import Activity

# Words of ours, and no other text: so they are bounded.
Detail = bool | int | StrEnum


def record(
    session: AsyncSession,
    user_id: int | None,
    name: str,
    device: Device,
    *,
    login_id: int | None = None,
    **details: Detail,
) -> None:
    """`name` is in the past tense, such as `signed_in`. Without a user there is only the line."""
    if user_id is not None:
        session.add(_row(user_id, name, device, login_id, details))
    note(session, f"account.{name}", **_facts(user_id, device, login_id), **details)


def record_refusal(
    session: AsyncSession, user_id: int, name: str, device: Device, *, login_id: int | None = None
) -> None:
    """The same for what is refused with an error in this unit of work: this alone is kept."""
    row = _row(user_id, name, device, login_id, {})
    keep(session, row, f"account.{name}", **_facts(user_id, device, login_id))


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
