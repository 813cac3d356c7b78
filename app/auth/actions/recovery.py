"""Recovery codes: for whoever has lost their authenticator."""

import re
import secrets
from base64 import b32encode

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.access import digest
from app.models import RecoveryCode

_CODES = 10
# 80 random bits: as many as nobody guesses, even who has the digests. In base32, for people.
_CODE_BYTES = 10
_GROUP_CHARACTERS = 4


async def renew(session: AsyncSession, user_id: int) -> list[str]:
    """New ones, which are shown this once; the old ones are dead."""
    codes = [b32encode(secrets.token_bytes(_CODE_BYTES)).decode() for _ in range(_CODES)]
    await forget(session, user_id)
    session.add_all(RecoveryCode(user_id=user_id, digest=digest(code)) for code in codes)
    return [_grouped(code.lower()) for code in codes]


async def forget(session: AsyncSession, user_id: int) -> None:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))


async def spend(session: AsyncSession, user_id: int, entered: str) -> bool:
    """Of two who enter it at once, one deletes the row. Case does not matter."""
    query = delete(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.digest == digest(entered.upper())
    )
    spent = await session.execute(query.returning(RecoveryCode.user_id))
    return spent.one_or_none() is not None


def _grouped(code: str) -> str:
    return "-".join(re.findall(f".{{{_GROUP_CHARACTERS}}}", code))
