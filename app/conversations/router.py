"""Conversations over HTTP."""

from collections.abc import Iterable
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response, status

from app.auth.access import CurrentUser, JoinedConversation, Reader
from app.conversations import actions as conversations
from app.conversations import queries
from app.conversations.queries import show_conversation, show_member
from app.conversations.schemas import (
    ConversationDraft,
    ConversationEdit,
    ConversationOut,
    ListedConversation,
    MemberOut,
    OpenedConversation,
    OwnOut,
)
from app.kit.caching import etag, is_known
from app.kit.db import AnyRow, Session
from app.kit.http import JSONResponse, not_modified
from app.kit.keyset import read_key
from app.kit.log import Position
from app.kit.openapi import errors, unchanged
from app.kit.paging import LIMIT_DEFAULT, Window, link_header, read_limit
from app.messages.queries import Pages, list_newest
from app.messages.schemas import LastMessageOut
from app.models import User
from app.preferences.queries import show_preferences
from app.preferences.schemas import PreferencesFilter
from app.unread.queries import show_unread

LIST_MAX = 1_000

router = APIRouter(tags=["conversations"])


@router.get(
    "/conversations",
    response_model=list[ListedConversation],
    responses=errors(401, 422, 503) | unchanged(),
    summary="My conversations, the most recently active first",
)
async def list_conversations(
    user: CurrentUser,
    session: Session,
    request: Request,
    wanted: Annotated[PreferencesFilter, Depends()],
    cursor: str | None = None,
    limit: str | None = None,
) -> Response:
    at_most = read_limit(limit) if limit else LIST_MAX
    page = await queries.list_conversations(session, user.id, wanted, read_key(cursor), at_most)
    people = await queries.list_people(session, [row.id for row in page.rows])
    shown = [_show_people(request, user, people[row.id]) for row in page.rows]
    # Whatever changes what was said last moves the log on, and so `seq`.
    rows = [(show_conversation(row), _show_own(row)) for row in page.rows]
    tag = etag(rows, shown, [row.epoch for row in page.rows])
    if is_known(request.headers, tag):
        return not_modified(tag)
    newest = await list_newest(session, [row.id for row in page.rows])
    listed = [
        _show_listed(row, users, newest.get(row.id))
        for row, users in zip(page.rows, shown, strict=True)
    ]
    links = link_header("/conversations", page.links(limit=at_most, **wanted.query()))
    return JSONResponse(listed, headers={"ETag": tag} | links)


@router.get(
    "/conversations/{conversation_id:id}",
    response_model=OpenedConversation,
    responses=errors(401, 404, 503) | unchanged(),
    summary="Open a conversation: its people and its last 50 messages",
)
async def open_conversation(
    conversation: JoinedConversation, user: CurrentUser, session: Session, request: Request
) -> Response:
    # The door loaded it before: it may have been renamed.
    row = await queries.open_conversation(session, user.id, conversation.id)
    people = await queries.list_people(session, [row.id])
    opened = {
        "conversation": show_conversation(row),
        "participants": _show_people(request, user, people[row.id]),
        **_show_own(row),
    }
    tag = etag(opened, row.epoch, user.id)
    if is_known(request.headers, tag):
        return not_modified(tag)
    pages: Pages = request.state.pages
    reader = Reader(row.id, user.id, Position(row.epoch, row.seq))
    newest = await pages.read(reader, Window(None, None, LIMIT_DEFAULT))
    messages = orjson.Fragment(newest.messages)
    return JSONResponse(opened | {"messages": messages}, headers={"ETag": tag})


@router.post(
    "/conversations",
    status_code=201,
    response_model=ListedConversation,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Start a conversation, or find the direct one that there is",
)
async def start_conversation(
    user: CurrentUser, draft: ConversationDraft, session: Session, request: Request
) -> Response:
    conversation = await conversations.start(session, user, draft)
    row = await queries.open_conversation(session, user.id, conversation.id)
    people = await queries.list_people(session, [row.id])
    newest = await list_newest(session, [row.id])
    shown = _show_listed(row, _show_people(request, user, people[row.id]), newest.get(row.id))
    return JSONResponse(shown, status.HTTP_201_CREATED)


@router.patch(
    "/conversations/{conversation_id:id}",
    response_model=ConversationOut,
    responses=errors(401, 403, 404, 409, 413, 415, 422, 429, 503),
    summary="Change the title and the picture of a group",
)
async def edit_conversation(
    conversation: JoinedConversation, user: CurrentUser, edit: ConversationEdit, session: Session
) -> Response:
    edited = await conversations.edit(session, conversation, user, edit)
    return JSONResponse(show_conversation(edited))


def _show_listed(
    row: AnyRow, users: list[MemberOut], newest: LastMessageOut | None
) -> ListedConversation:
    return {**show_conversation(row), "users": users, "last_message": newest, **_show_own(row)}


def _show_own(row: AnyRow) -> OwnOut:
    """What it is to the one who asks, and the position in its log at which it is so."""
    return {"preferences": show_preferences(row), **show_unread(row), "seq": row.seq}


def _show_people(request: Request, viewer: User, people: Iterable[AnyRow]) -> list[MemberOut]:
    shows_all = request.state.settings.show_emails
    return [show_member(one, with_email=shows_all or one.id == viewer.id) for one in people]
