"""Pins."""

from fastapi import APIRouter, Request, Response

from app.auth.access import CurrentUser, JoinedConversation, ReadConversation
from app.kit.caching import etag, is_known
from app.kit.db import Session
from app.kit.http import JSONResponse, not_modified
from app.kit.openapi import errors, unchanged
from app.messages import actions as messages
from app.messages import queries
from app.messages.router.messages import MessageId
from app.messages.schemas import PinOut

router = APIRouter(prefix="/conversations/{conversation_id:id}")


@router.get(
    "/pins",
    response_model=list[PinOut],
    responses=errors(401, 404, 503) | unchanged(),
    summary="What is pinned in a conversation, the newest pin first",
)
async def list_pins(reader: ReadConversation, session: Session, request: Request) -> Response:
    tag = etag("pins", reader)
    if is_known(request.headers, tag):
        return not_modified(tag)
    pins = await queries.list_pins(session, reader.conversation_id, reader.user_id)
    return JSONResponse(pins, headers={"ETag": tag})


@router.put(
    "/messages/{message_id:id}/pin",
    status_code=204,
    responses=errors(401, 403, 404, 409, 429, 503),
    summary="Pin a message: in a group, as its owner or an admin",
)
async def pin_message(
    conversation: JoinedConversation,
    user: CurrentUser,
    message_id: MessageId,
    session: Session,
    request: Request,
) -> None:
    pins_max = request.state.settings.pins_max
    await messages.pin(session, conversation, user, message_id, pins_max=pins_max)


@router.delete(
    "/messages/{message_id:id}/pin",
    status_code=204,
    responses=errors(401, 403, 404, 429, 503),
    summary="Unpin a message: in a group, as its owner or an admin",
)
async def unpin_message(
    conversation: JoinedConversation, user: CurrentUser, message_id: MessageId, session: Session
) -> None:
    await messages.unpin(session, conversation, user, message_id)
