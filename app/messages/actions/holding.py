"""Having a message to oneself until the commit."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.kit import log
from app.kit.errors import Conflict, NotFound
from app.messages import queries
from app.messages.events import topic_of
from app.messages.schemas import MessageOut
from app.models import Conversation, Role, User
from app.unread.actions import Changed
from app.unread.mentions import Mentions


class MessageWithdrawn(Conflict):
    code = "message_withdrawn"
    message = "This message was withdrawn"


@dataclass(frozen=True)
class Held:
    """`next_seq` is the position of the news that the change makes; `role` is of who makes it."""

    message: MessageOut
    role: Role
    next_seq: int

    @property
    def changed(self) -> Changed:
        message = self.message
        mentioned = Mentions(message["mentions"], message["mentions_everyone"])
        place = (message["conversation_id"], message["seq"], message["user_id"])
        return Changed(*place, mentioned, self.next_seq)


async def hold(
    session: AsyncSession, conversation: Conversation, user: User, message_id: int
) -> Held:
    """Raises: NotFound, also for who has left meanwhile."""
    last_seq = await log.hold(session, topic_of(conversation.id))
    role = await access.find_role(session, conversation.id, user.id)
    message = await queries.find_message(session, conversation.id, message_id)
    if role is None or message is None:
        raise NotFound
    return Held(message, role, last_seq + 1)
