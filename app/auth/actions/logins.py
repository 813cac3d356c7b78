"""Ending logins: they are gone, and with them, everywhere, whatever they had open."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth.events import access_taken, login_ended
from app.kit.db import announce
from app.models import Login


async def end_logins(
    session: AsyncSession, user_id: int, *which: ColumnElement[bool]
) -> Sequence[int]:
    """Those of this person that fulfil all of `which`. Answers their ids."""
    query = delete(Login).where(Login.user_id == user_id, *which).returning(Login.id)
    ended = sorted((await session.execute(query)).scalars())
    for login_id in ended:
        announce(session, login_ended(user_id, login_id))
    if ended:
        announce(session, access_taken(user_id))
    return ended


async def end_other_logins(
    session: AsyncSession, user_id: int, but: int | None = None
) -> Sequence[int]:
    """All of them, tokens too, but for the one that asks.

    Whoever changes a password wants everybody else out, whatever they got in by.
    """
    return await end_logins(session, user_id, *([] if but is None else [Login.id != but]))
