"""A message, as everybody in its conversation reads it."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.kit.clock import iso
from app.kit.db import AnyRow, AnySelect
from app.messages.queries.reactions import list_reactions, show_reaction
from app.messages.schemas import QUOTE_MAX_CHARACTERS, MessageOut, QuoteOut
from app.models import Message

_Quoted = aliased(Message)
_Reply = aliased(Message)


def select_messages() -> AnySelect:
    """Shape of a row: what `show_messages` takes."""
    replies_count = select(func.count()).where(_Reply.reply_to_id == Message.id)
    return select(
        Message.id,
        Message.seq,
        Message.created_at,
        Message.updated_at,
        Message.conversation_id,
        Message.user_id,
        Message.body,
        Message.client_id,
        Message.mentioned_ids,
        Message.mentions_everyone,
        Message.attachments,
        Message.edited_at,
        Message.withdrawn_at,
        Message.pinned_at,
        Message.reply_to_id,
        _Quoted.seq.label("quoted_seq"),
        _Quoted.user_id.label("quoted_user_id"),
        func.left(_Quoted.body, QUOTE_MAX_CHARACTERS).label("quoted_body"),
        replies_count.scalar_subquery().label("replies_count"),
    ).outerjoin(_Quoted, _Quoted.id == Message.reply_to_id)


async def show_messages(
    session: AsyncSession, rows: Sequence[AnyRow], viewer_id: int | None = None
) -> list[MessageOut]:
    """With what is a viewer's own, if there is one: news are the same for everybody."""
    reactions = await list_reactions(session, [row.id for row in rows], viewer_id)
    return [_show_message(row, reactions[row.id]) for row in rows]


def _show_message(row: AnyRow, reactions: Sequence[AnyRow]) -> MessageOut:
    """In the order of the event's data, so that a message reads the same everywhere."""
    shown: MessageOut = {
        "id": row.id,
        "seq": row.seq,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
        "reply_to": _show_quote(row),
        "attachments": row.attachments or [],
        "conversation_id": row.conversation_id,
        "user_id": row.user_id,
        "body": row.body,
        "client_id": row.client_id,
        "mentions": row.mentioned_ids,
        "mentions_everyone": row.mentions_everyone,
        "edited_at": iso(row.edited_at) if row.edited_at else None,
        "withdrawn_at": iso(row.withdrawn_at) if row.withdrawn_at else None,
        "pinned_at": iso(row.pinned_at) if row.pinned_at else None,
        "replies_count": row.replies_count,
        "reactions": [show_reaction(one) for one in reactions],
    }
    if mine := [one.emoji for one in reactions if one.mine]:
        shown["my_reactions"] = sorted(mine)
    return shown


def _show_quote(row: AnyRow) -> QuoteOut | None:
    if row.reply_to_id is None:
        return None
    return {
        "id": row.reply_to_id,
        "seq": row.quoted_seq,
        "user_id": row.quoted_user_id,
        "body": row.quoted_body,
    }
