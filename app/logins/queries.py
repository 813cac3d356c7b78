"""Questions about logins."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.logins.schemas import LoginOut
from app.models import Carrier, Login

# Tokens have a list of their own.
IS_DEVICE = Login.carrier != Carrier.TOKEN


async def list_logins(session: AsyncSession, user_id: int) -> Sequence[Login]:
    """Those that are good, the last used first."""
    query = select(Login).where(Login.user_id == user_id, IS_DEVICE, Login.expires_at > func.now())
    newest_first = Login.last_seen_at.desc(), Login.id.desc()
    return (await session.execute(query.order_by(*newest_first))).scalars().all()


def show_login(login: Login, current_id: int) -> LoginOut:
    assert login.last_seen_at
    assert login.expires_at
    return {
        "id": login.id,
        "current": login.id == current_id,
        "carrier": login.carrier,
        "remembered": login.remembered,
        "address": login.address,
        "device": login.device,
        "created_at": iso(login.created_at),
        "last_seen_at": iso(login.last_seen_at),
        "expires_at": iso(login.expires_at),
    }
