"""People over HTTP."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AfterValidator

from app.auth.access import AskedFrom, CurrentUser, Myself
from app.auth.queries import show_oneself
from app.auth.schemas import MeOut
from app.kit.db import Session
from app.kit.http import JSONResponse
from app.kit.keyset import read_key
from app.kit.limits import Limit
from app.kit.openapi import errors
from app.kit.paging import link_header, read_limit
from app.kit.text import Text, is_blank, one_line, refuse
from app.users import actions, queries
from app.users.schemas import PersonOut, ProfileEdit, ProfileOut

QUERY_MAX_CHARACTERS = 64

router = APIRouter(tags=["users"])


def _beginning(text: str) -> str:
    if is_blank(text):
        refuse("blank", "can't be blank")
    if len(text) > QUERY_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {QUERY_MAX_CHARACTERS} characters)")
    return one_line(text)


@router.get(
    "/users/me",
    response_model=MeOut,
    responses=errors(401, 503),
    summary="Who am I?",
)
async def show_me(user: CurrentUser) -> Response:
    return JSONResponse(show_oneself(user))


@router.put(
    "/users/me",
    response_model=ProfileOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Change my profile",
)
async def replace_me(
    me: Myself, edit: ProfileEdit, session: Session, device: AskedFrom, request: Request
) -> Response:
    house = request.state
    limit = Limit("username", house.settings.username_change_rate, str(me.user.id))
    count_renaming = partial(house.limits.check, limit)
    user = await actions.edit_profile(session, me, edit, device, count_renaming)
    return JSONResponse({"ok": True, "user": show_oneself(user)})


@router.patch(
    "/users/me",
    response_model=ProfileOut,
    responses=errors(401, 403, 413, 415, 422, 429, 503),
    summary="Change my profile (the same as PUT)",
)
async def edit_me(
    me: Myself, edit: ProfileEdit, session: Session, device: AskedFrom, request: Request
) -> Response:
    return await replace_me(me, edit, session, device, request)


@router.get(
    "/users",
    response_model=list[PersonOut],
    responses=errors(401, 422, 503),
    summary="Find people by the beginning of their username or name",
)
async def find_people(
    user: CurrentUser,
    session: Session,
    query: Annotated[
        Text,
        AfterValidator(_beginning),
        Query(description="1 to 64 characters", examples=["ali"]),
    ],
    cursor: str | None = None,
    limit: str | None = None,
) -> Response:
    page = await queries.list_people(session, query, read_key(cursor), read_limit(limit))
    people: list[PersonOut] = [
        {"id": p.id, "username": p.username, "name": p.name, "avatar_url": p.avatar_url}
        for p in page.rows
    ]
    links = page.links(query=query, limit=read_limit(limit))
    return JSONResponse(people, headers=link_header("/users", links))
