"""A full house that tells what it reads."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app import chores
from app.auth.access import NOWHERE, SESSION_COOKIE
from app.cli.embedded import embedded_servers
from app.kit import migrations
from app.kit.postgres import connect
from app.kit.settings import Settings
from app.main import create_app, live
from app.models import User
from tests.factories import House
from tests.houses import changed
from tests.plans.asking import Ask
from tests.plans.crowd import Crowd, gather
from tests.plans.reading import TELLING, Read, Reading

_LOG = "log/postgres.log"
# To read a smaller one from end to end is often the quickest.
_BIG = "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > 5000"


@dataclass
class Library:
    """Where Alice asks, and is told what was read for her. `engine` is for who stands beside."""

    alice: httpx.AsyncClient
    crowd: Crowd
    reading: Reading
    engine: AsyncEngine
    big_tables: set[str]

    async def ask(self, ask: Ask, known: str | None = None) -> tuple[httpx.Response, Read]:
        """`known` is the ETag of what Alice has."""
        names = {"id": self.crowd.conversation_id, "message_id": self.crowd.message_id}
        body = ask.body and {key: names.get(str(word), word) for key, word in ask.body.items()}
        headers = {"If-None-Match": known} if known else {}
        self.reading.since_last()
        path = ask.path.format(**names)
        answer = await self.alice.request(ask.method, path, json=body, headers=headers)
        return answer, self.reading.since_last()


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Of a server of its own: its log repeats the statements, in which secrets have their names."""
    place = Path(tempfile.mkdtemp(prefix="chatflow-tests-", dir="/tmp"))
    place.chmod(0o755)
    yield place
    shutil.rmtree(place)


@pytest.fixture(scope="module")
async def library(settings: Settings, place: Path) -> AsyncIterator[Library]:
    with embedded_servers(place, durable=False, redis=False) as servers:
        own = changed(settings, database_url=servers.database_url, redis_url=None)
        engine = connect(own, patient=True)
        await migrations.upgrade(engine)
        crowd = await gather(str(servers.database_url))
        async with engine.begin() as connection:
            for name, value in TELLING.items():
                await connection.execute(text(f"ALTER DATABASE chatflow SET {name} = '{value}'"))
        async with _quiet_house(own) as house:
            client, reading = await _client_of(house, crowd.alice), Reading(place / _LOG)
            yield Library(client, crowd, reading, engine, await _big_tables(engine))
        await engine.dispose()


@asynccontextmanager
async def _quiet_house(settings: Settings) -> AsyncIterator[House]:
    """What it forgets now and then it would have to look for, just as somebody asks."""
    app = create_app(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chores, "_PRUNE_EVERY_SECONDS", 3_600)
        async with live(settings, app) as state, House.in_process(app, state) as house:
            yield house


async def _client_of(house: House, user_id: int) -> httpx.AsyncClient:
    async with house.session() as session:
        user = await session.get_one(User, user_id)
        entrance = await house.state["front_desk"].admit(session, user, NOWHERE)
    # A long list takes long to be held against its schema; other tests do that.
    client = httpx.AsyncClient(transport=house.transport, base_url=house.base_url, timeout=30)
    client.cookies.set(SESSION_COOKIE, entrance.credential)
    return client


async def _big_tables(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set((await connection.execute(text(_BIG))).scalars())
