"""Live delivery over HTTP: the events and the cursors of the sockets."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.auth.access import EnteredConversation, EnteredHouse, SignedIn
from app.kit import networks
from app.kit.openapi import errors
from app.realtime.closing import Farewell
from app.realtime.feed import asked as ask
from app.realtime.feed.asked import Asked
from app.realtime.feed.conversation import ConversationFeed
from app.realtime.feed.everything import EverythingFeed
from app.realtime.feed.poll import LongPoll
from app.realtime.feed.reader import Feed
from app.realtime.feed.schemas import ConversationEvents, EverythingEvents, in_both_forms
from app.realtime.feed.stream import EventStream

router = APIRouter(tags=["live"])


@router.get(
    "/conversations/{conversation_id:id}/events",
    response_model=ConversationEvents,
    responses=errors(401, 404, 422, 503) | in_both_forms("a1b2c3.17", "a1b2c3.18", seq=18),
    summary="Follow a conversation, as a stream or a page at a time",
)
async def follow_events(
    signed_in: EnteredConversation,
    asked: Annotated[Asked, Depends(ask.of_conversation)],
    request: Request,
) -> Response:
    return _answer(ConversationFeed(request.state, signed_in, asked), signed_in, asked, request)


@router.get(
    "/events",
    response_model=EverythingEvents,
    responses=errors(401, 422, 503) | in_both_forms("a1b2c3.AREBEQ", "a1b2c3.AREBEg"),
    summary="Follow everything that concerns me, as a stream or a page at a time",
)
async def follow_everything(
    signed_in: EnteredHouse,
    asked: Annotated[Asked, Depends(ask.of_everything)],
    request: Request,
) -> Response:
    return _answer(EverythingFeed(request.state, signed_in, asked), signed_in, asked, request)


def _answer(feed: Feed, signed_in: SignedIn, asked: Asked, request: Request) -> Response:
    house = request.state
    address = networks.key_of_client(request)

    @contextmanager
    def hold(end: Callable[[Farewell], None]) -> Iterator[None]:
        with (
            house.connections.holding(signed_in.user.id, address, end),
            house.seats.taken_by(signed_in, is_away=asked.is_away),
        ):
            yield

    if asked.wants_stream:
        return EventStream(feed, hold, house.settings)
    # Without a place, the present is the answer.
    wait_seconds = asked.wait_seconds if asked.place is not None else 0
    return LongPoll(feed, hold, house.settings, wait_seconds)
