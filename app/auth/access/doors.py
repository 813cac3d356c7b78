"""The doors of the routes and of the sockets: what each of them asks of whoever comes in."""

from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from app.auth.access.identity import SignedIn, find_login
from app.auth.access.pace import count_mark, count_write
from app.kit import ids
from app.kit.db import Session
from app.kit.errors import NotFound, Unauthenticated
from app.models import Conversation, Participant, User

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


async def _maybe_signed_in(connection: HTTPConnection, session: Session) -> SignedIn | None:
    return await find_login(session, connection, connection.path_params.get("conversation_id"))


MaybeSignedIn = Annotated[SignedIn | None, Depends(_maybe_signed_in)]


async def signed_in(connection: HTTPConnection, session: Session) -> SignedIn:
    found = await _maybe_signed_in(connection, session)
    if found is None:
        raise Unauthenticated
    if connection.scope["method"] not in _SAFE_METHODS:
        found.must_write()
        count_write(connection.state, found.user.id)
    return found


Myself = Annotated[SignedIn, Depends(signed_in)]


async def _current_user(signed_in: Myself) -> User:
    return signed_in.user


async def _joined_conversation(
    conversation_id: Annotated[int, Path(examples=[1])],
    signed_in: Myself,
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
        return await signed_in(connection, session)


async def _entered_conversation(
    conversation_id: Annotated[int, Path(examples=[1])],
    signed_in: Annotated[SignedIn, Depends(_entered_house)],
) -> SignedIn:
    if signed_in.conversation is None:
        raise NotFound
    return signed_in


EnteredHouse = Annotated[SignedIn, Depends(_entered_house)]
EnteredConversation = Annotated[SignedIn, Depends(_entered_conversation)]


async def _marking_member(
    conversation_id: Annotated[int, Path(examples=[1])], connection: HTTPConnection
) -> tuple[int, int]:
    """For who waits until marks are written together: the database is let go before it begins.

    Shape: (conversation id, user id)
    """
    async with connection.state.database.autocommit() as session:
        signed_in = await _maybe_signed_in(connection, session)
    if signed_in is None:
        raise Unauthenticated
    signed_in.must_write()
    count_mark(connection.state, signed_in.user.id)
    if signed_in.conversation is None:
        raise NotFound
    return signed_in.conversation.id, signed_in.user.id


MarkingMember = Annotated[tuple[int, int], Depends(_marking_member)]


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
