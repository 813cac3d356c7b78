"""Starting a conversation, and giving it another face."""

from collections.abc import Mapping

from sqlalchemy import insert
from sqlalchemy.dialects.postgresql import insert as insert_unless_there
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.conversations import queries
from app.conversations.events import conversation_created, conversation_edited
from app.conversations.schemas import PARTICIPANTS_MAX, ConversationDraft, ConversationEdit
from app.kit import log
from app.kit.db import announce
from app.kit.errors import Invalid
from app.messages.events import topic_of
from app.models import Conversation, Participant, Role, User

GROUP_TITLE = "Group Chat"


async def start(session: AsyncSession, starter: User, draft: ConversationDraft) -> Conversation:
    """Two people have one direct conversation, for ever; three or more make a new group.

    Whoever starts a group owns it.

    Raises: Invalid when nobody else is named, too many, or somebody who does not exist.
    """
    others = set(draft.participant_ids) - {starter.id}
    if not others:
        raise Invalid.field("participant_ids", "blank", "must name somebody else")
    if len(others) >= PARTICIPANTS_MAX:
        sentence = f"are too many (maximum is {PARTICIPANTS_MAX:,} people)"
        raise Invalid.field("participant_ids", "too_many", sentence)
    if await queries.list_unknown_ids(session, others):
        raise Invalid.field("participant_ids", "unknown", "name somebody who does not exist")
    if len(others) == 1:
        return await open_direct(session, starter.id, others.pop())
    conversation = Conversation(title=draft.title or GROUP_TITLE, group=True)
    session.add(conversation)
    await session.flush()
    await session.refresh(conversation)
    roles = dict.fromkeys(others, Role.MEMBER) | {starter.id: Role.OWNER}
    await _seat(session, conversation, roles)
    return conversation


async def open_direct(
    session: AsyncSession, one: int, another: int, title: str | None = None
) -> Conversation:
    """The database keeps pairs unique: of twenty requests at once, one inserts and all wait."""
    pair = sorted((one, another))
    new = (
        insert_unless_there(Conversation)
        .values(group=False, direct_pair=pair, title=title)
        .on_conflict_do_nothing()
        .returning(Conversation.id)
    )
    conversation_id = (await session.execute(new)).scalar_one_or_none()
    conversation = await queries.find_direct(session, pair)
    assert conversation is not None
    if conversation_id is not None:
        await _seat(session, conversation, dict.fromkeys(pair, Role.MEMBER))
    return conversation


async def _seat(
    session: AsyncSession, conversation: Conversation, roles: Mapping[int, Role]
) -> None:
    """The first people of a conversation, who are told of it, and the beginning of its log."""
    await log.open_topic(session, topic_of(conversation.id))
    seats = [
        {"conversation_id": conversation.id, "user_id": id, "role": roles[id]}
        for id in sorted(roles)
    ]
    await session.execute(insert(Participant), seats)
    for event in conversation_created(roles, queries.show_conversation(conversation)):
        announce(session, event)


async def edit(
    session: AsyncSession, group: Conversation, editor: User, edit: ConversationEdit
) -> Conversation:
    """Nobody is told of what stays as it is. Raises: as `access.role_in_group`."""
    await log.hold(session, topic_of(group.id))
    await access.role_in_group(session, group, editor, at_least=Role.ADMIN)
    await session.refresh(group)
    for field, value in edit.model_dump(exclude_unset=True).items():
        setattr(group, field, value)
    group.title = group.title or GROUP_TITLE
    if session.is_modified(group):
        await session.flush()
        announce(session, conversation_edited(queries.show_conversation(group), editor.id))
    return group
