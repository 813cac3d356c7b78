"""Keeping what happened to an account: a row for its owner, and a line in the log.

Neither holds a secret: no password, code, token, cookie, or text that somebody wrote.
"""

from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import Device
from app.models import Activity

logger = structlog.get_logger()


def record(
    session: AsyncSession,
    user_id: int,
    name: str,
    device: Device,
    *,
    login_id: int | None = None,
    **details: Any,
) -> None:
    """`name` is in the past tense, such as `signed_in`."""
    session.add(
        Activity(
            user_id=user_id,
            name=name,
            login_id=login_id,
            address=device.address,
            device=device.name,
            details=details,
        )
    )
    logger.info(
        f"account.{name}", user_id=user_id, login_id=login_id, address=device.address, **details
    )
