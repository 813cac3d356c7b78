"""Keeping what happened to an account: a row for its owner, and a line in the log.

Neither holds a secret: no password, code, token, cookie, or text that somebody wrote. Sign-ins
are limited by address and by account, so strangers do not fill the table.
"""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device
from app.kit.db import note
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
    address = device.address
    if user_id is not None:
        session.add(
            Activity(
                user_id=user_id,
                name=name,
                login_id=login_id,
                address=address,
                device=device.name,
                details=details,
            )
        )
    what = f"account.{name}"
    note(session, what, user_id=user_id, login_id=login_id, address=address, **details)
