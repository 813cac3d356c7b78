"""Telling somebody by mail what happened to their account: it may not have been them."""

from enum import StrEnum

from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.jobs import enqueue
from app.models import User


class Notice(StrEnum):
    """What a mail is about. A job may bear its name for days: names stay."""

    PASSWORD_CHANGED = "password_changed"  # noqa: S105
    PASSWORD_RESET = "password_reset"  # noqa: S105
    EMAIL_CHANGE_ASKED = "email_change_asked"
    EMAIL_CHANGED = "email_changed"
    TOKEN_CREATED = "token_created"  # noqa: S105
    SECOND_FACTOR_ENABLED = "second_factor_enabled"
    SECOND_FACTOR_DISABLED = "second_factor_disabled"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_RENEWED = "recovery_codes_renewed"
    ACCOUNT_CLOSED = "account_closed"


async def tell(
    session: AsyncSession, user_id: int, what: Notice, *, email: str | None = None
) -> None:
    """At the address that is theirs now, or at `email`: one that was theirs a moment ago."""
    if email is None:
        email = (await session.get_one(User, user_id)).email
    if email is not None:
        await enqueue(session, "accounts.tell", {"email": email, "what": what})
