"""Conversations over HTTP."""

from collections.abc import Sequence
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Path, Request, Response, status

from app.auth.access import CurrentUser, JoinedConversation, Reader
from app.conversations import actions as conversations
from app.conversations import queries
from app.conversations.queries import Card, Own, show_conversation
from app.conversations.schemas import (
    ConversationDraft,
    ConversationEdit,
    ConversationOut,
    ListedConversation,
    OpenedConversation,
    OwnOut,
)
from app.kit.caching import etag, is_known
from app.kit.db import Session, fetching
from app.kit.http import JSONResponse, not_modified
from app.kit.keyset import read_key
from app.kit.openapi import errors, unchanged
from app.kit.paging import LIMIT_DEFAULT, Window, link_header, read_limit
from app.messages.queries import Pages
from app.models import User
from app.preferences.queries import show_preferences
from app.preferences.schemas import PreferencesFilter, read_filter
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
    request: Request,
    wanted: Annotated[PreferencesFilter, Depends(read_filter)],
    cursor: str | None = None,
    limit: str | None = None,
) -> Response:
    house = request.state
    at_most = read_limit(limit) if limit else LIST_MAX
    rows, around = await house.lists.page(user.id, wanted, read_key(cursor), at_most)
    shown = [_show_own(row) for row in rows]
    tag = _tag(user, rows, shown)
    if is_known(request.headers, tag):
        return not_modified(tag)
    sees = house.settings.show_emails
    cards = await house.cards.find(house.database.fetch, rows, shows_emails=sees)
    listed = [_show_listed(cards[row.id], user, own) for row, own in zip(rows, shown, strict=True)]
    links = link_header("/conversations", around.links(limit=at_most, **wanted.query()))
    return JSONResponse(listed, headers={"ETag": tag} | links)


@router.get(
    "/conversations/{conversation_id:id}",
    response_model=OpenedConversation,
    responses=errors(401, 404, 503) | unchanged(),
    summary="Open a conversation: its people and its last 50 messages",
)
async def open_conversation(
    conversation_id: Annotated[int, Path(examples=[1])], user: CurrentUser, request: Request
) -> Response:
    house, fetch = request.state, request.state.database.fetch
    sees = house.settings.show_emails
    # No other door: the question itself goes through their membership.
    row = await queries.find_own(fetch, user.id, conversation_id, shows_emails=sees)
    own = _show_own(row)
    tag = _tag(user, [row], [own])
    if is_known(request.headers, tag):
        return not_modified(tag)
    card = (await house.cards.find(fetch, [row], shows_emails=sees))[row.id]
    pages: Pages = house.pages
    reader = Reader(row.id, user.id, row.position)
    newest = await pages.read(reader, Window(None, None, LIMIT_DEFAULT))
    opened = {
        "conversation": card.conversation,
        "participants": card.people_for(user),
        **own,
        "messages": orjson.Fragment(newest.messages),
    }
    return JSONResponse(opened, headers={"ETag": tag})


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
    # It is not committed, so it is shown from this transaction, and not kept.
    fetch, sees = fetching(session), request.state.settings.show_emails
    row = await queries.find_own(fetch, user.id, conversation.id, shows_emails=sees)
    card = (await queries.load_cards(fetch, [row.id], shows_emails=sees))[row.id]
    return JSONResponse(_show_listed(card, user, _show_own(row)), status.HTTP_201_CREATED)


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


def _show_listed(card: Card, viewer: User, own: OwnOut) -> dict[str, object]:
    """Shape: `ListedConversation`"""
    people = card.people_for(viewer)
    return {**card.conversation, "users": people, "last_message": card.last_message, **own}


def _show_own(row: Own) -> OwnOut:
    """What it is to the one who asks, and the position in its log at which it is so."""
    return {"preferences": show_preferences(row), **show_unread(row), "seq": row.seq}


def _tag(viewer: User, rows: Sequence[Own], shown: Sequence[OwnOut]) -> str:
    """Whatever is shown besides is of the position, or of how people look that it does not tell."""
    places = [(row.id, row.epoch, row.looks) for row in rows]
    return etag(viewer.id, viewer.email, places, shown)
