"""The address of the house itself, and what load balancers ask."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from typing_extensions import TypedDict

from app.kit.errors import ChatFlowError
from app.kit.http import JSONResponse
from app.kit.migrations import current_revision, newest_revision

router = APIRouter(tags=["status"])

State = Literal["ok", "away"]


class NameOut(TypedDict):
    name: str
    version: str


class UpOut(TypedDict):
    status: str


class ReadyOut(TypedDict):
    """What this process leans on. `migrations` is `ok` when the newest has been run."""

    status: Literal["ready", "not_ready"]
    postgres: State
    redis: State
    migrations: Literal["ok", "pending", "away"]


@router.get(
    "/",
    response_model=NameOut,
    responses={304: {"description": "A browser has the page already"}},
    summary="What is this?",
)
async def show_front(request: Request) -> Response:
    """Programs get the name and version; a browser gets the web client."""
    front = {"name": "ChatFlow", "version": request.app.version}
    return JSONResponse(front, headers={"Vary": "Accept, Cookie, Authorization"})


@router.head("/up", include_in_schema=False)  # As load balancers ask.
@router.get("/up", response_model=UpOut, summary="Does this process serve?")
async def show_up() -> Response:
    return JSONResponse({"status": "up"})


@router.get(
    "/up/ready",
    response_model=ReadyOut,
    responses={503: {"model": ReadyOut, "description": "Something that it leans on is away"}},
    summary="Can this process do its work?",
)
async def show_ready(request: Request) -> Response:
    house = request.state
    redis = "ok" if await house.broker.is_ready() else "away"
    try:
        async with house.database.autocommit() as session:
            connection = await session.connection()
            revision = await connection.run_sync(current_revision)
            postgres, migrations = "ok", "ok" if revision == newest_revision() else "pending"
    except ChatFlowError:
        postgres = migrations = "away"
    parts = {"postgres": postgres, "redis": redis, "migrations": migrations}
    is_ready = set(parts.values()) == {"ok"}
    status = "ready" if is_ready else "not_ready"
    return JSONResponse({"status": status} | parts, 200 if is_ready else 503)
