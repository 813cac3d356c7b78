"""Questions about tokens."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.clock import iso
from app.models import Carrier, Login
from app.tokens.schemas import TokenOut

IS_TOKEN = Login.carrier == Carrier.TOKEN


async def list_tokens(session: AsyncSession, user_id: int) -> Sequence[Login]:
    """The newest first, those too that have run out."""
    query = select(Login).where(Login.user_id == user_id, IS_TOKEN).order_by(Login.id.desc())
    return (await session.execute(query)).scalars().all()


async def count_tokens(session: AsyncSession, user_id: int) -> int:
    query = select(func.count()).where(Login.user_id == user_id, IS_TOKEN)
    return (await session.execute(query)).scalar_one()


def show_token(token: Login) -> TokenOut:
    assert token.name is not None
    return {
        "id": token.id,
        "name": token.name,
        "scope": token.scope,
        "created_at": iso(token.created_at),
        "expires_at": iso(token.expires_at) if token.expires_at else None,
        "last_used_at": iso(token.last_seen_at) if token.last_seen_at else None,
    }
