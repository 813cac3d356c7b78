"""Changing what a conversation is to oneself."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.kit.db import announce
from app.kit.errors import NotFound
from app.models import Conversation, Participant, User
from app.preferences.events import preferences_edited
from app.preferences.queries import show_preferences
from app.preferences.schemas import PreferencesEdit, PreferencesOut


async def edit(
    session: AsyncSession, conversation: Conversation, user: User, edit: PreferencesEdit
) -> PreferencesOut:
    """One's other devices are told, unless all stays as it is.

    Raises: NotFound for who has left meanwhile.
    """
    membership = await _lock(session, conversation.id, user.id)
    before = show_preferences(membership)
    for field, value in edit.items():
        setattr(membership, field, value)
    after = show_preferences(membership)
    if after != before:
        announce(session, preferences_edited(user.id, conversation.id, after))
    return after


async def _lock(session: AsyncSession, conversation_id: int, user_id: int) -> Participant:
    """Of two devices at once the second tells what the first has changed, too."""
    query = select(Participant).where(
        Participant.conversation_id == conversation_id, Participant.user_id == user_id
    )
    locked = await session.execute(query.with_for_update(key_share=True))
    membership = locked.scalar_one_or_none()
    if membership is None:
        raise NotFound
    return membership
