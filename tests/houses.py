"""Houses with other settings than the usual ones."""

import socket
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from functools import cache
from typing import Any

from fastapi import FastAPI
from sqlalchemy.ext.asyncio import AsyncEngine

from app.auth.access import Turnstile
from app.conversations.queries import Lists
from app.kit.db import Database
from app.kit.settings import Settings
from app.main import create_app, live
from app.messages.actions import Writer
from app.messages.queries import Pages
from app.receipts.ledger import Ledger
from tests.factories import House


def changed(settings: Settings, **changes: Any) -> Settings:
    """The same settings but for these. They are validated, as those from the environment are."""
    aliases = {"database_url": "DATABASE_URL", "redis_url": "REDIS_URL"}
    values = settings.model_dump() | changes
    return Settings.model_validate({aliases.get(name, name): v for name, v in values.items()})


@cache
def application(settings: Settings) -> FastAPI:
    """One for all houses of the same settings: it takes 200 ms to build, and holds no state, which
    is in what `live` yields.
    """
    return create_app(settings)


@asynccontextmanager
async def house_with(
    settings: Settings, engine: AsyncEngine, **changes: Any
) -> AsyncIterator[House]:
    """Like the fixture `house`: what happens in it is rolled back."""
    settings = changed(settings, **changes)
    app = application(settings)
    async with live(settings, app) as state, engine.connect() as connection:
        outer = await connection.begin()
        database = Database(connection, state["broker"])
        ledger = Ledger(database, settings)
        mine = state | {
            "database": database,
            "ledger": ledger,
            "writer": Writer(database, settings),
            "lists": Lists(database, shows_emails=settings.show_emails),
            "turnstile": Turnstile(database),
            "pages": Pages(database, settings.pages_kept_max_bytes),
        }
        async with aclosing(ledger), House.in_process(app, mine) as house:
            yield house
        await outer.rollback()


def unused_port() -> int:
    """Where no server is."""
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        port: int = unheard.getsockname()[1]
        return port
