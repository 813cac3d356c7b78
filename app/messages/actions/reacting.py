"""Reacting to a message with an emoji."""

from sqlalchemy import delete, func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import announce
from app.kit.errors import Conflict
from app.messages import queries
from app.messages.actions.holding import MessageWithdrawn, hold
from app.messages.events import Reacted, reaction_added, reaction_removed
from app.messages.schemas import REACTIONS_MAX
from app.models import Conversation, Reaction, User


class TooManyReactions(Conflict):
    code = "too_many_reactions"
    message = f"This message has {REACTIONS_MAX} different reactions: take one of those"


async def react(
    session: AsyncSession, conversation: Conversation, user: User, message_id: int, emoji: str
) -> None:
    """Again is no news. Raises: NotFound; MessageWithdrawn; TooManyReactions."""
    held = await hold(session, conversation, user, message_id)
    if held.message["withdrawn_at"]:
        raise MessageWithdrawn
    used = {reaction["emoji"] for reaction in held.message["reactions"]}
    if emoji not in used and len(used) >= REACTIONS_MAX:
        raise TooManyReactions
    values = {"message_id": message_id, "emoji": emoji, "user_id": user.id}
    # The time of the statement, and so under the lock: who was first stays first.
    new = insert(Reaction).values(**values, created_at=func.statement_timestamp())
    added = await session.execute(new.on_conflict_do_nothing().returning(Reaction.user_id))
    if added.first():
        reacted = await _reacted(session, message_id, user, emoji)
        announce(session, reaction_added(conversation.id, reacted))


async def take_back(
    session: AsyncSession, conversation: Conversation, user: User, message_id: int, emoji: str
) -> None:
    """What is not there is no news. Raises: NotFound."""
    await hold(session, conversation, user, message_id)
    reaction = delete(Reaction).where(
        Reaction.message_id == message_id, Reaction.emoji == emoji, Reaction.user_id == user.id
    )
    if (await session.execute(reaction.returning(Reaction.user_id))).first():
        reacted = await _reacted(session, message_id, user, emoji)
        announce(session, reaction_removed(conversation.id, reacted))


async def _reacted(session: AsyncSession, message_id: int, user: User, emoji: str) -> Reacted:
    return Reacted(message_id, user.id, emoji, await queries.list_reactions(session, message_id))
