"""Builds the house, and names every router once.

`chatflow serve` runs it, and so does any ASGI server: `uvicorn --factory app.main:create_app`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager, nullcontext
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import VERSION
from app.accounts import router as accounts
from app.activity import router as activity
from app.attachments import router as attachments
from app.auth import router as auth
from app.auth.access import SESSION_COOKIE, Memory, Turnstile
from app.auth.events import CONTROL
from app.auth.jobs import SeenLogins
from app.chores import chores_of
from app.conversations import router as conversations
from app.conversations.queries import Cards, Lists
from app.explorer import router as explorer
from app.explorer.document import DESCRIPTION, TAGS
from app.house import furnished
from app.invites import router as invites
from app.jobs import JOBS
from app.kit.chores import stop
from app.kit.http import show_errors
from app.kit.jobs import running
from app.kit.middleware import AnswerHeaders, BodyLimit, CrossSite, Forwarded, Unexpected
from app.kit.origins import Origins
from app.kit.settings import Settings
from app.kit.signpost import Signpost
from app.logins import router as logins
from app.members import router as members
from app.messages import router as messages
from app.messages.actions import Writer
from app.messages.queries import Pages
from app.preferences import router as preferences
from app.presence import router as presence
from app.presence.jobs import Saying, Telling
from app.presence.roll import Roll
from app.presence.seats import Seats
from app.realtime import native
from app.realtime.action_cable import socket as action_cable
from app.realtime.action_cable.pings import Pings
from app.realtime.action_cable.presence import Presence
from app.realtime.action_cable.sessions import Sessions
from app.realtime.connections import Connections
from app.realtime.feed import router as feed
from app.realtime.guard import Guard
from app.realtime.hub import Hub
from app.realtime.sockets import Sockets
from app.receipts import router as receipts
from app.receipts.ledger import Ledger
from app.search import router as search
from app.second_factor import router as second_factor
from app.status import router as status
from app.tokens import router as tokens
from app.users import router as users
from app.users.events import VISIBILITY
from app.web import router as web

# Whoever stops us has waited for clients and answers already, and kills us soon.
_LAST_JOBS_SECONDS = 0.5


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings()
    app = FastAPI(
        title="ChatFlow",
        version=VERSION,
        description=DESCRIPTION,
        openapi_tags=TAGS,
        lifespan=partial(live, settings),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # It would trust the Host header.
        generate_unique_id_function=_operation_id,
        telemetry={"tracing": False, "metrics": False, "logs": False, "operation_spans": False},
    )
    for room in _ROUTERS:
        app.include_router(room.router)
    app.router.middleware_stack = Signpost(app.router.middleware_stack, app.routes)
    show_errors(app)
    # The last one added is the first to be passed.
    app.add_middleware(
        BodyLimit,
        max_bytes=settings.request_max_bytes,
        max_bytes_at={attachments.UPLOAD_PATH: settings.attachment_max_bytes},
    )
    app.add_middleware(
        CrossSite,
        origins=Origins(settings.allowed_origins),
        cookie=SESSION_COOKIE,
        sign_in_paths=(auth.SIGN_IN_PATH, accounts.ACCOUNT_PATH, accounts.PASSWORD_PATH),
    )
    app.add_middleware(Unexpected)
    app.add_middleware(Sockets, protocols=(native.PROTOCOL, action_cable.PROTOCOL))
    app.add_middleware(AnswerHeaders)
    if settings.trusted_proxies:
        app.add_middleware(Forwarded, trusted=settings.trusted_proxies)
    return app


@asynccontextmanager
async def live(settings: Settings, app: FastAPI) -> AsyncIterator[dict[str, Any]]:
    """What lives as long as the process; requests and sockets find it in their `state`."""
    async with furnished(settings) as furniture, asyncio.TaskGroup() as tasks:
        house = furniture | _furnish(settings, furniture)
        chores = [tasks.create_task(chore) for chore in chores_of(settings, house)]
        try:
            # What was marked is written, and the bell rung for it, before anything else ends.
            async with _jobs(settings, house), aclosing(house["ledger"]):
                yield house
        finally:  # When one of them has died, too: the group alone would cancel the others once.
            await stop(chores)


def _furnish(settings: Settings, house: dict[str, Any]) -> dict[str, Any]:
    """For those who are connected."""
    database, broker, shelf = house["database"], house["broker"], house["shelf"]
    seen_logins = SeenLogins(database, house["front_desk"])
    hub, guard = Hub(database, broker), Guard(database, seen_logins)
    memory, presence = Memory(), _call_the_roll(settings, house)
    hub.control(CONTROL, memory.obey, guard.obey)
    hub.control(VISIBILITY, presence["telling"].obey)
    return presence | {
        "memory": memory,
        "turnstile": Turnstile(database),
        "pages": Pages(database, settings.pages_kept_max_bytes),
        "lists": Lists(database, shows_emails=settings.show_emails),
        "cards": Cards(),
        "seen_logins": seen_logins,
        "hub": hub,
        "guard": guard,
        "ledger": Ledger(database, settings),
        "writer": Writer(database, settings),
        "connections": Connections(settings),
        "pings": Pings(settings.cable_ping_seconds),
        "cable_sessions": Sessions(shelf, settings.cable_session_seconds),
        "cable_presence": Presence(shelf, database, settings.presence_lasts_seconds),
    }


def _call_the_roll(settings: Settings, house: dict[str, Any]) -> dict[str, Any]:
    seats = Seats()
    roll = Roll(
        house["roll_shelf"],
        seats,
        settings.presence_lasts_seconds,
        settings.presence_grace_seconds,
    )
    telling = Telling(roll, house["database"])
    return {
        "roll": roll,
        "seats": seats,
        "saying": Saying(seats, roll, telling.notice),
        "telling": telling,
    }


def _jobs(settings: Settings, house: dict[str, Any]) -> AbstractAsyncContextManager[None]:
    if settings.jobs_inside:
        return running(house, JOBS, stop_seconds=_LAST_JOBS_SECONDS)
    return nullcontext()


_ROUTERS = (
    web,  # The first: where a program would get JSON, it takes only what asks for a page.
    *(auth, accounts, logins, tokens, second_factor, activity, users),
    *(conversations, preferences, members, invites, messages, attachments),
    *(receipts, presence, search),
    *(action_cable, feed),
    *(status, explorer),
)


def _operation_id(route: APIRoute) -> str:
    return route.name
