"""Searching over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator

from app.auth.access import CurrentUser
from app.kit.db import Session, in_transaction, limit_statements
from app.kit.errors import Invalid
from app.kit.http import JSONResponse
from app.kit.ids import read_id
from app.kit.keyset import read_key
from app.kit.limits import Limit
from app.kit.openapi import errors
from app.kit.paging import Cursor, link_header, read_cursor, read_limit
from app.kit.text import Text, is_blank, one_line, refuse
from app.search import queries
from app.search.matching import Search
from app.search.schemas import QUERY_MAX_CHARACTERS, SearchPage, Sort

LIMIT_DEFAULT = 20
# Each is looked through for what to highlight: at worst a millisecond for each.
LIMIT_MAX = 50

router = APIRouter(tags=["messages"])


def _words(text: str) -> str:
    if is_blank(text):
        refuse("blank", "can't be blank")
    if len(text) > QUERY_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {QUERY_MAX_CHARACTERS} characters)")
    return one_line(text)


def _id(name: str, text: str | None) -> int | None:
    if not text:
        return None
    id = read_id(text)
    if id is None:
        raise Invalid.field(name, "invalid", "is invalid")
    return id


def _bound(name: str, text: str | None, *, with_seq: bool) -> Cursor | None:
    cursor = read_cursor(name, text)
    if cursor is not None and isinstance(cursor.at, int) and not with_seq:
        raise Invalid.field(name, "invalid", "must be a time, without a conversation_id")
    return cursor


@router.get(
    "/search",
    response_model=SearchPage,
    responses=errors(401, 422, 429, 503),
    summary="Find messages in my conversations by words, or parts of them",
)
@in_transaction
async def search_messages(
    user: CurrentUser,
    session: Session,
    request: Request,
    query: Annotated[
        Text,
        AfterValidator(_words),
        Query(
            description="1 to 200 characters. Each word must be there, in any order, whole or as"
            " part of another; accents and capitals make no difference",
            examples=["hello"],
        ),
    ],
    conversation_id: Annotated[str | None, Query(description="Only in this one")] = None,
    author_id: Annotated[str | None, Query(description="Only what they wrote")] = None,
    before: Annotated[
        str | None,
        Query(description="Only what is older: an ISO 8601 time; a `seq` with `conversation_id`"),
    ] = None,
    after: Annotated[
        str | None,
        Query(description="Only what is newer: an ISO 8601 time; a `seq` with `conversation_id`"),
    ] = None,
    has_attachment: Annotated[
        bool | None, Query(description="Only with attachments, or only without")
    ] = None,
    sort: Sort = Sort.NEWEST,
    cursor: str | None = None,
    limit: Annotated[str | None, Query(description="1 to 50, by default 20")] = None,
) -> Response:
    settings, limits = request.state.settings, request.state.limits
    await limits.check(Limit("search", settings.search_rate, str(user.id)))
    key, at_most = read_key(cursor), read_limit(limit, LIMIT_DEFAULT, LIMIT_MAX)
    await limit_statements(session, settings.search_max_seconds)
    in_conversation = _id("conversation_id", conversation_id)
    search = Search(
        user_id=user.id,
        terms=await queries.find_terms(session, query),
        conversation_id=in_conversation,
        author_id=_id("author_id", author_id),
        before=_bound("before", before, with_seq=in_conversation is not None),
        after=_bound("after", after, with_seq=in_conversation is not None),
        has_attachment=has_attachment,
        sort=sort,
    )
    found = await queries.find(session, search, key, at_most)
    hits = await queries.list_hits(session, search, found)
    asked = {
        "query": query,
        "conversation_id": conversation_id,
        "author_id": author_id,
        "before": before,
        "after": after,
        "has_attachment": None if has_attachment is None else str(has_attachment).lower(),
        "sort": sort,
        "limit": at_most,
    }
    links = found.links(**{name: value for name, value in asked.items() if value})
    return JSONResponse({"hits": hits}, headers=link_header("/search", links))
