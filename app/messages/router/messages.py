"""The history, and what people do to their messages."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response, status

from app.auth.access import CurrentUser, JoinedConversation, Myself, ReadConversation
from app.kit.caching import etag, is_known
from app.kit.db import Session
from app.kit.http import JSONResponse, not_modified
from app.kit.openapi import errors, header, unchanged
from app.kit.paging import WINDOW_PARAMETERS, Window, read_window
from app.messages import actions as messages
from app.messages import queries
from app.messages.schemas import MessageDraft, MessageEdit, MessageOut, MessagePage, VersionOut

router = APIRouter()

ConversationId = Annotated[int, Path(examples=[1])]
MessageId = Annotated[int, Path(examples=[1])]


@router.get(
    "/conversations/{conversation_id:id}/messages",
    response_model=MessagePage,
    responses=errors(401, 404, 422, 503) | unchanged(),
    openapi_extra=WINDOW_PARAMETERS,
    summary="Read the history, a page at a time",
)
async def list_messages(
    reader: ReadConversation,
    window: Annotated[Window, Depends(read_window)],
    request: Request,
) -> Response:
    tag = etag(reader, window)
    if is_known(request.headers, tag):
        return not_modified(tag)
    pages: queries.Pages = request.state.pages
    page = await pages.read(reader, window)
    return JSONResponse(page.answer, headers={"ETag": tag} | page.links)


@router.post(
    "/conversations/{conversation_id:id}/messages",
    status_code=201,
    response_model=MessageOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503)
    | {200: {"model": MessageOut, "description": "The same key and body again: the same message"}},
    summary="Post a message",
    openapi_extra=header("Idempotency-Key", "The same as `client_id`; it may be quoted"),
)
async def post_message(
    conversation_id: ConversationId,
    me: Myself,
    draft: MessageDraft,
    request: Request,
) -> Response:
    """Who is not in the conversation, the writing itself finds out."""
    writer: messages.Writer = request.state.writer
    draft = draft.keyed(request.headers.get("idempotency-key"))
    posted = await messages.post(writer, conversation_id, me.user.id, draft)
    message = posted.message.encode()
    if posted.is_replay:
        return JSONResponse(message, headers={"Idempotent-Replayed": "true"})
    return JSONResponse(message, status.HTTP_201_CREATED)


@router.patch(
    "/conversations/{conversation_id:id}/messages/{message_id:id}",
    response_model=MessageOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503),
    summary="Edit a message of mine",
)
async def edit_message(
    conversation: JoinedConversation,
    user: CurrentUser,
    message_id: MessageId,
    edit: MessageEdit,
    session: Session,
) -> Response:
    return JSONResponse(await messages.edit(session, conversation, user, message_id, edit))


@router.delete(
    "/conversations/{conversation_id:id}/messages/{message_id:id}",
    status_code=204,
    responses=errors(401, 403, 404, 429, 503),
    summary="Withdraw a message: mine or, as an admin of the group, anybody's",
)
async def withdraw_message(
    conversation: JoinedConversation, user: CurrentUser, message_id: MessageId, session: Session
) -> None:
    await messages.withdraw(session, conversation, user, message_id)


@router.get(
    "/conversations/{conversation_id:id}/messages/{message_id:id}/versions",
    response_model=list[VersionOut],
    responses=errors(401, 404, 503),
    summary="What a message said before it was edited, the oldest first",
)
async def list_versions(
    conversation: JoinedConversation, message_id: MessageId, session: Session
) -> Response:
    return JSONResponse(await queries.open_versions(session, conversation.id, message_id))
