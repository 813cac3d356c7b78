"""Builds the house, and names every router once.

`chatflow serve` runs it, and so does any ASGI server: `uvicorn --factory app.main:create_app`.
"""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from app import VERSION
from app.accounts import router as accounts
from app.accounts.actions import forget_expired, forget_unconfirmed
from app.activity import router as activity
from app.activity.actions import forget_old_activities
from app.auth import router as auth
from app.auth.access import SESSION_COOKIE, Memory
from app.auth.events import CONTROL
from app.auth.jobs import SeenLogins
from app.conversations import router as conversations
from app.explorer import router as explorer
from app.house import furnished
from app.invites import router as invites
from app.jobs import JOBS
from app.kit import log
from app.kit.chores import every, stop
from app.kit.http import show_errors
from app.kit.jobs import running
from app.kit.middleware import AnswerHeaders, BodyLimit, CrossSite, Forwarded, Unexpected
from app.kit.origins import Origins
from app.kit.pruning import prune
from app.kit.settings import Settings
from app.kit.signpost import Signpost
from app.logins import router as logins
from app.logins.actions import forget_ended_logins
from app.members import router as members
from app.messages import router as messages
from app.preferences import router as preferences
from app.realtime import native
from app.realtime.action_cable import socket as action_cable
from app.realtime.action_cable.pings import Pings
from app.realtime.action_cable.presence import SWEEP_EVERY_SECONDS, Presence
from app.realtime.action_cable.sessions import Sessions
from app.realtime.connections import Connections
from app.realtime.feed import router as feed
from app.realtime.guard import Guard
from app.realtime.hub import CHECK_EVERY_SECONDS, Hub
from app.realtime.sockets import Sockets
from app.search import router as search
from app.second_factor import router as second_factor
from app.status import router as status
from app.tokens import router as tokens
from app.users import router as users

_PROLONG_EVERY_SECONDS = 60
_PRUNE_EVERY_SECONDS = 60
# Of what is measured in weeks. To find ended logins it reads their whole table.
_FORGET_EVERY_SECONDS = 600
# Whoever stops us has waited for clients and answers already, and kills us soon.
_LAST_JOBS_SECONDS = 0.5


def create_app(settings: Settings | None = None) -> FastAPI:
    settings = settings or Settings()
    app = FastAPI(
        title="ChatFlow",
        version=VERSION,
        description=_DESCRIPTION,
        openapi_tags=_TAGS,
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
    app.add_middleware(BodyLimit, max_bytes=settings.request_max_bytes)
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
        chores = [tasks.create_task(chore) for chore in _chores(settings, house)]
        try:
            async with _jobs(settings, house):
                yield house
        finally:  # When one of them has died, too: the group alone would cancel the others once.
            await stop(chores)


def _furnish(settings: Settings, house: dict[str, Any]) -> dict[str, Any]:
    """For those who are connected."""
    database, broker, shelf = house["database"], house["broker"], house["shelf"]
    seen_logins = SeenLogins(database, house["front_desk"])
    hub, guard = Hub(database, broker), Guard(database, seen_logins)
    memory = Memory()
    hub.control(CONTROL, memory.obey, guard.obey)
    return {
        "memory": memory,
        "seen_logins": seen_logins,
        "hub": hub,
        "guard": guard,
        "connections": Connections(settings),
        "pings": Pings(settings.cable_ping_seconds),
        "cable_sessions": Sessions(shelf, settings.cable_session_seconds),
        "presence": Presence(shelf, database, settings.presence_lasts_seconds),
    }


def _jobs(settings: Settings, house: dict[str, Any]) -> AbstractAsyncContextManager[None]:
    if settings.jobs_inside:
        return running(house, JOBS, stop_seconds=_LAST_JOBS_SECONDS)
    return nullcontext()


def _chores(settings: Settings, house: dict[str, Any]) -> list[Coroutine[Any, Any, None]]:
    old_events = partial(log.prune, older_than_days=settings.event_retention_days)
    old_activities = partial(forget_old_activities, days=settings.activity_retention_days)
    unconfirmed = partial(forget_unconfirmed, days=settings.unconfirmed_lasts_days)
    database = house["database"]
    return [
        *house["broker"].loops(),
        house["hub"].run(),
        every(house["pings"].pause_seconds, house["pings"].send),
        every(settings.cable_session_seconds / 3, house["cable_sessions"].prolong),
        every(settings.presence_again_seconds, house["presence"].say_again),
        every(SWEEP_EVERY_SECONDS, house["presence"].sweep),
        every(CHECK_EVERY_SECONDS, house["hub"].check),
        every(CHECK_EVERY_SECONDS, house["guard"].check),
        every(_PROLONG_EVERY_SECONDS, house["seen_logins"].prolong),
        every(_PRUNE_EVERY_SECONDS, partial(prune, database, old_events)),
        every(
            _FORGET_EVERY_SECONDS,
            partial(
                prune, database, old_activities, forget_ended_logins, forget_expired, unconfirmed
            ),
        ),
    ]


_ROUTERS = (
    *(auth, accounts, logins, tokens, second_factor, activity, users),
    *(conversations, preferences, members, invites, messages, search),
    *(action_cable, feed),
    *(status, explorer),
)


def _operation_id(route: APIRoute) -> str:
    return route.name


_DESCRIPTION = """
A chat backend: people, conversations, messages with history, live delivery.

**To try it from this page**: open *auth*, sign in as `alice@example.com` with `secret123` (after
`chatflow seed`), and your browser carries the session cookie to everything else here.

**Errors** are JSON on every address: one sentence in `error`, or for 422 full sentences in
`errors` and by field in `fields`; a `code` for programs; and the `request_id`, which is in
`X-Request-Id` and in the log. Besides the codes of each operation there are `not_found` and
`method_not_allowed` for addresses that do not exist, and `internal` for a mistake of ours.
"""

_TAGS = [
    {"name": "auth", "description": "Signing in and out: by a signed cookie, or by a JWT."},
    {"name": "accounts", "description": "Signing up, changing, closing; links by mail."},
    {"name": "logins", "description": "Where you are signed in, and the tokens of your scripts."},
    {"name": "second factor", "description": "An authenticator, and codes for when it is lost."},
    {"name": "users", "description": "Yourself, and finding others."},
    {"name": "conversations", "description": "Direct and group conversations."},
    {"name": "members", "description": "Who is in a group, what they may do, and how they join."},
    {"name": "messages", "description": "History, search, and posting exactly once."},
    {"name": "live", "description": "What happens, as it happens."},
    {"name": "status", "description": "For load balancers and the curious."},
]
