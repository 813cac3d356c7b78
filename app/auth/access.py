"""Every door in the house: who you are, and what you may open.

The load is the permission. Whoever holds a conversation got it here, through a membership.
"""

import hashlib
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path
from itsdangerous import BadSignature, Signer
from sqlalchemy import and_, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from app.kit import ids
from app.kit.db import Session
from app.kit.errors import NotFound, Unauthenticated
from app.kit.http import bearer_token
from app.kit.settings import Settings
from app.models import Conversation, Login, Participant, User

SESSION_COOKIE = "_chatflow_session"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who asks, by which of their logins, and the conversation of the address if it is theirs."""

    login_id: int
    user: User
    conversation: Conversation | None


class Seal:
    """Signs what a client carries to show its login: `<login id>.<secret>.<signature>`.

    The signature spares the database the guesses; the secret, of which only the digest is stored,
    is what proves the login.
    """

    def __init__(self, settings: Settings) -> None:
        newest_last = [key.get_secret_value() for key in reversed(settings.secret_keys)]
        self._signer = Signer(newest_last, salt="login", digest_method=hashlib.sha256)

    def close(self, login_id: int, secret: str) -> str:
        return self._signer.sign(f"{login_id}.{secret}").decode()

    def open(self, credential: str) -> tuple[int, str] | None:
        """Shape: (login id, secret), or None for what we did not sign."""
        try:
            login_id, _, secret = self._signer.unsign(credential).decode().partition(".")
        except (BadSignature, UnicodeError):
            return None
        return int(login_id), secret


def digest(secret: str) -> bytes:
    """The secret has 256 random bits, so a fast hash is enough."""
    return hashlib.sha256(secret.encode()).digest()


# The door is passed by every request, so it asks once: who is it, and is that conversation theirs?
_WHO_AND_WHERE = (
    select(User, Conversation)
    .join(Login)
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
        Login.expires_at > func.now(),
    )
)


async def find_login(
    session: AsyncSession, connection: HTTPConnection, conversation_id: int | None = None
) -> SignedIn | None:
    """Look at the bearer token or, without one, at the session cookie."""
    credential = bearer_token(connection.headers)
    if credential is None:
        credential = connection.cookies.get(SESSION_COOKIE)
    opened = connection.state.seal.open(credential) if credential else None
    if opened is None:
        return None
    login_id, secret = opened
    values = {"login_id": login_id, "digest": digest(secret), "conversation_id": conversation_id}
    row = (await session.execute(_WHO_AND_WHERE, values)).one_or_none()
    if row is None:
        return None
    connection.state.seen_logins.add(login_id)
    return SignedIn(login_id, *row)


async def _maybe_signed_in(connection: HTTPConnection, session: Session) -> SignedIn | None:
    return await find_login(session, connection, connection.path_params.get("conversation_id"))


MaybeSignedIn = Annotated[SignedIn | None, Depends(_maybe_signed_in)]


async def _signed_in(connection: HTTPConnection, session: Session) -> SignedIn:
    signed_in = await _maybe_signed_in(connection, session)
    if signed_in is None:
        raise Unauthenticated
    return signed_in


async def _current_user(signed_in: Annotated[SignedIn, Depends(_signed_in)]) -> User:
    return signed_in.user


async def _joined_conversation(
    conversation_id: Annotated[int, Path(examples=[1])],
    signed_in: Annotated[SignedIn, Depends(_signed_in)],
) -> Conversation:
    """The same answer for a conversation one is not in and for one that does not exist."""
    if signed_in.conversation is None:
        raise NotFound
    return signed_in.conversation


CurrentUser = Annotated[User, Depends(_current_user)]
JoinedConversation = Annotated[Conversation, Depends(_joined_conversation)]


async def _entered_house(connection: HTTPConnection) -> SignedIn:
    """For what may last: the database is let go before it begins."""
    async with connection.state.database.autocommit() as session:
        return await _signed_in(connection, session)


async def _entered_conversation(
    conversation_id: Annotated[int, Path(examples=[1])],
    signed_in: Annotated[SignedIn, Depends(_entered_house)],
) -> SignedIn:
    if signed_in.conversation is None:
        raise NotFound
    return signed_in


EnteredHouse = Annotated[SignedIn, Depends(_entered_house)]
EnteredConversation = Annotated[SignedIn, Depends(_entered_conversation)]


async def enter_by_socket(
    session: AsyncSession, connection: HTTPConnection, conversation_id: str
) -> tuple[SignedIn, Conversation]:
    """Raises: Unauthenticated, decided before NotFound."""
    signed_in = await find_login(session, connection, ids.read_id(conversation_id))
    if signed_in is None:
        raise Unauthenticated
    if signed_in.conversation is None:
        raise NotFound
    return signed_in, signed_in.conversation


_BY_MEMBERSHIP = (
    select(Conversation)
    .join(Participant)
    .where(
        Participant.conversation_id == bindparam("conversation_id"),
        Participant.user_id == bindparam("user_id"),
    )
)


async def open_conversation(
    session: AsyncSession, user_id: int, conversation_id: int
) -> Conversation:
    """For whoever is inside already: are they still? Raises: NotFound."""
    values = {"conversation_id": conversation_id, "user_id": user_id}
    conversation = (await session.execute(_BY_MEMBERSHIP, values)).scalar_one_or_none()
    if conversation is None:
        raise NotFound
    return conversation
