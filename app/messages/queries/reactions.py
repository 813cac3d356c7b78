"""What people think of messages."""

from typing import cast

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.events import from_json
from app.messages.queries.showing import REACTIONS
from app.messages.schemas import ReactionOut

_OF_ONE = text(f"SELECT {REACTIONS} FROM (SELECT cast(:message_id AS bigint) AS id) AS message")


async def list_reactions(session: AsyncSession, message_id: int) -> list[ReactionOut]:
    """What somebody thought first, first."""
    shown = (await session.execute(_OF_ONE, {"message_id": message_id})).scalar_one()
    return cast(list[ReactionOut], from_json(shown))
