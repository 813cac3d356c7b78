"""The short way to a route leads where the long way does."""

from contextlib import suppress
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from starlette.types import Scope

import app.kit.ids  # noqa: F401  For its convertor.
from app.kit.settings import Settings
from app.kit.signpost import Signpost
from app.main import create_app

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
ADDRESSES = (
    *("/", "/up", "/up/", "/users/me", "/users", "/users/7", "/users/sign_out", "/nowhere", ""),
    *("/conversations", "/conversations/7", "/conversations/7/", "/conversations/7/messages"),
    *("/conversations/7/messages/8", "/conversations/7/members/9", "/conversations/7/7/7"),
    *("/conversations/0", "/conversations/007", "/conversations/7\n", "/conversations/x"),
    *(
        "/conversations/1000000000000000000",
        "/conversations/{}",
        "/conversations/{conversation_id}",
    ),
    *("/conversations/7/messages/8/reactions/x", "/conversations/7/messages/8/reactions/{emoji}"),
    *("/docs", "/docs/{name}", "/docs/7", "//users/me", "/users/logins/7", "/users/tokens/0"),
)


async def whereto(app: FastAPI, way: Any, method: str, address: str) -> tuple[Any, Any]:
    """Shape: (the function that is about to answer, its path's values), or two Nones"""
    scope: Scope = {"type": "http", "method": method, "path": address, "root_path": ""}
    scope.update(headers=[], query_string=b"", app=app, router=app.router)

    async def gone(*_: Any) -> Any:
        raise ConnectionError

    with suppress(Exception):  # Nobody is there to be answered: it is about who would.
        await way(scope, gone, gone)
    return scope.get("endpoint"), scope.get("path_params")


@pytest.mark.parametrize("address", ADDRESSES)
async def test_it_leads_where_the_router_does(address: str) -> None:
    application = create_app(Settings())
    router = application.router
    for method in METHODS:
        short = await whereto(application, router.middleware_stack, method, address)
        assert short == await whereto(application, router.app, method, address)


async def test_what_is_in_the_table_does_not_pass_the_router() -> None:
    application, rooms = FastAPI(), APIRouter()

    @rooms.get("/rooms/{room:id}")
    async def show_room(room: int) -> None: ...

    async def router(scope: Scope, *_: Any) -> None:
        scope["passed"] = True

    application.include_router(rooms)
    signpost = Signpost(router, application.routes)
    assert (await whereto(application, signpost, "GET", "/rooms/7")) == (show_room, {"room": 7})
    assert (await whereto(application, signpost, "GET", "/rooms/x")) == (None, None)
