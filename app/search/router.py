"""Searching over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from app.auth.access import CurrentUser
from app.kit.db import Session, in_transaction, limit_statements
from app.kit.http import JSONResponse
from app.kit.limits import Limit
from app.kit.openapi import errors
from app.kit.paging import link_header
from app.search import queries
from app.search.asking import SearchQuery
from app.search.schemas import SearchPage

router = APIRouter(tags=["messages"])


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
    asked: Annotated[SearchQuery, Depends()],
) -> Response:
    settings, limits = request.state.settings, request.state.limits
    await limits.check(Limit("search", settings.search_rate, str(user.id)))
    key, at_most = asked.place()
    await limit_statements(session, settings.search_max_seconds)
    search = asked.search(user.id, await queries.find_terms(session, asked.query))
    found = await queries.find(session, search, key, at_most)
    hits = await queries.list_hits(session, search, found)
    links = found.links(**asked.repeated(at_most))
    return JSONResponse({"hits": hits}, headers=link_header("/search", links))
