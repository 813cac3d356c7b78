"""Who asks, by which of their logins, and what that login may do."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from app.auth.access.seal import digest
from app.kit.errors import Forbidden
from app.kit.http import bearer_token
from app.models import Conversation, Login, Participant, Scope, User

SESSION_COOKIE = "_chatflow_session"


class ReadOnly(Forbidden):
    code = "read_only"
    message = "This token may only read"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, by which of their logins, and the conversation that was asked for if it is theirs.

    Of who is remembered, `user` is as they were when they were asked for, a second ago at most;
    whoever changes them loads them.
    """

    login_id: int
    scope: str
    user: User
    conversation: Conversation | None

    def must_write(self) -> None:
        """Raises: ReadOnly"""
        if self.scope != Scope.WRITE:
            raise ReadOnly


# Every handshake passes here, so one question is asked: who is it, and is that conversation theirs?
_WHO_AND_WHERE = (
    select(Login.id, Login.scope, User, Conversation)
    .join(User, User.id == Login.user_id)
    .outerjoin(
        Participant,
        and_(
            Participant.user_id == User.id,
            Participant.conversation_id == bindparam("conversation_id"),
        ),
    )
    .outerjoin(Conversation, Conversation.id == Participant.conversation_id)
    .where(
        Login.id == bindparam("login_id"),
        Login.secret_digest == bindparam("digest"),
        or_(Login.expires_at.is_(None), Login.expires_at > func.now()),
    )
)


def credential_of(connection: HTTPConnection) -> str | None:
    """The bearer token or, without one, the session cookie."""
    credential = bearer_token(connection.headers)
    return credential if credential is not None else connection.cookies.get(SESSION_COOKIE)


async def find_login(
    session: AsyncSession, connection: HTTPConnection, conversation_id: int | None = None
) -> SignedIn | None:
    credential = credential_of(connection)
    shown = connection.state.seal.open(credential) if credential else None
    if shown is None:
        return None
    values = {
        "login_id": shown.login_id,
        "digest": digest(shown.secret),
        "conversation_id": conversation_id,
    }
    row = (await session.execute(_WHO_AND_WHERE, values)).one_or_none()
    if row is None:
        return None
    connection.state.seen_logins.add(shown.login_id)
    return SignedIn(*row)
