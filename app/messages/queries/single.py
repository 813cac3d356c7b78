"""One message."""

from dataclasses import dataclass

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.messages.queries.showing import SHOWN, read_message
from app.messages.schemas import MessageDraft, MessageOut
from app.models import Message

_ONE = text(f"""
    SELECT {SHOWN} FROM messages AS message
    WHERE id = :message_id AND conversation_id = :conversation_id
""")


async def find_message(
    session: AsyncSession, conversation_id: int, message_id: int
) -> MessageOut | None:
    values = {"conversation_id": conversation_id, "message_id": message_id}
    shown = (await session.execute(_ONE, values)).scalar_one_or_none()
    return read_message(shown) if shown else None


async def has_message(session: AsyncSession, conversation_id: int, message_id: int) -> bool:
    """Messages neither move nor go, so that what is so stays so."""
    query = select(Message.id).where(
        Message.id == message_id, Message.conversation_id == conversation_id
    )
    return (await session.execute(query)).first() is not None


@dataclass(frozen=True)
class Draft:
    """What somebody sent, and the message that it made, as it is now.

    Once it is withdrawn nobody knows what it was.
    """

    body: str
    message: MessageOut

    def is_of(self, draft: MessageDraft) -> bool:
        quote = self.message["reply_to"]
        files = [attachment["id"] for attachment in self.message["attachments"]]
        mine = (self.body, quote["id"] if quote else None, files)
        return mine == (draft.body, draft.reply_to, draft.attachment_ids)

    @property
    def is_known(self) -> bool:
        return self.message["withdrawn_at"] is None


_BY_CLIENT_ID = text(f"""
    SELECT {SHOWN} AS shown, coalesce((
        SELECT version.body FROM message_versions AS version
        WHERE version.message_id = message.id ORDER BY version.seq LIMIT 1
    ), message.body) AS first_body
    FROM messages AS message JOIN participants USING (conversation_id, user_id)
    WHERE conversation_id = :conversation_id AND user_id = :author_id AND client_id = :client_id
""")


async def find_by_client_id(
    session: AsyncSession, conversation_id: int, author_id: int, client_id: str
) -> Draft | None:
    """For as long as its author is in the conversation."""
    values = {
        "conversation_id": conversation_id,
        "author_id": author_id,
        "client_id": client_id,
    }
    row = (await session.execute(_BY_CLIENT_ID, values)).one_or_none()
    return Draft(row.first_body, read_message(row.shown)) if row else None
