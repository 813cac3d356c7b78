"""The doors of the routes and of the sockets: what each of them asks of whoever comes in."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Path
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import HTTPConnection

from app.auth.access.identity import SignedIn, credential_of, find_login
from app.auth.access.memory import Memory
from app.auth.access.pace import count_mark, count_write
from app.kit import ids
from app.kit.db import Session
from app.kit.errors import NotFound, Unauthenticated
from app.models import Conversation, Participant, User

_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")


async def _maybe_signed_in(connection: HTTPConnection) -> SignedIn | None:
    """Whoever has just been here is known. `user` belongs to no session."""
    credential = credential_of(connection)
    if not credential:
        return None
    house = connection.state
    memory: Memory = house.memory
    return await memory.recall(house.seal.mark(credential), partial(_ask, connection))


async def _ask(connection: HTTPConnection) -> SignedIn | None:
    conversation_id = connection.path_params.get("conversation_id")
    async with connection.state.database.autocommit() as session:
        return await find_login(session, connection, conversation_id)


MaybeSignedIn = Annotated[SignedIn | None, Depends(_maybe_signed_in)]


async def signed_in(connection: HTTPConnection) -> SignedIn:
    return let_in(connection, await _maybe_signed_in(connection))


def let_in(connection: HTTPConnection, signed_in: SignedIn | None) -> SignedIn:
    """Raises: Unauthenticated, ReadOnly, Exceeded"""
    if signed_in is None:
        raise Unauthenticated
    if connection.scope["method"] not in _SAFE_METHODS:
        signed_in.must_write()
        count_write(connection.state, signed_in.user.id)
    return signed_in


Myself = Annotated[SignedIn, Depends(signed_in)]


async def _current_user(signed_in: Myself) -> User:
    return signed_in.user


async def _joined_conversation(
    conversation_id: Annotated[int, Path(examples=[1])],
    signed_in: Myself,
    session: Session,
) -> Conversation:
    if (found := signed_in.conversation) is not None:  # Asked for together with the login.
        session.add(found)
        return found
    return await open_conversation(session, signed_in.user.id, conversation_id)


CurrentUser = Annotated[User, Depends(_current_user)]
JoinedConversation = Annotated[Conversation, Depends(_joined_conversation)]


async def _entered_house(connection: HTTPConnection) -> SignedIn:
    """For what may last, or takes a proof: the database is asked, and let go before it begins.

    A stream that came in on what was remembered would be ended a second too late.
    """
    conversation_id = connection.path_params.get("conversation_id")
    async with connection.state.database.autocommit() as session:
        return let_in(connection, await find_login(session, connection, conversation_id))


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
    signed_in = await _ask(connection)
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
    """For whoever is known already, and only through their membership.

    Raises: NotFound, the same for one that they are not in and for one that does not exist.
    """
    values = {"conversation_id": conversation_id, "user_id": user_id}
    conversation = (await session.execute(_BY_MEMBERSHIP, values)).scalar_one_or_none()
    if conversation is None:
        raise NotFound
    return conversation
