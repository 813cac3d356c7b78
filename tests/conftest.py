"""The house under test: real Postgres and Valkey, started once, and two ways to live in it.

`house` runs each test in a transaction that is rolled back: quick, one request at a time.
`live_house` is a real server on a real port, for sockets and for many things at once; what it
commits is truncated.
"""

import asyncio
import logging
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import uvicorn
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.cli.embedded import Servers, embedded_servers
from app.kit import migrations
from app.kit.logs import configure_logs
from app.kit.postgres import connect
from app.kit.settings import Settings
from app.realtime.feed.line import ChatFlowHTTP
from app.realtime.wire import ChatFlowProtocol
from tests.factories import House
from tests.houses import application, house_with
from tests.mailbox import Mailbox
from tests.secrecy import SECRETS, overhear, refuse_secrets

# Of people, and so of all that is theirs; and of what is nobody's.
_TABLES = "users, conversations, streams, events, pgqueuer, pgqueuer_log"


@pytest.fixture(scope="session", autouse=True)
def overheard() -> Iterator[None]:
    """Whatever clients say in these tests must be in no log when they are over."""
    with overhear(SECRETS):
        yield


@pytest.fixture(scope="session")
def folder() -> Iterator[Path]:
    """In /tmp: started by root, the servers run as somebody who must get there."""
    folder = Path(tempfile.mkdtemp(prefix="chatflow-tests-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    try:
        refuse_secrets(SECRETS, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def servers(folder: Path) -> Iterator[Servers]:
    with embedded_servers(folder / "data", durable=False) as servers:
        yield servers


@pytest.fixture(scope="session")
def settings(servers: Servers, folder: Path) -> Settings:
    """Four rounds of bcrypt instead of twelve: tests sign in a lot."""
    settings = Settings.model_validate(
        {
            "DATABASE_URL": servers.database_url,
            "REDIS_URL": servers.redis_url,
            "log_file": folder / "log.jsonl",
            "password_bcrypt_rounds": 4,
            "rate_limits": False,
            "presence_round_seconds": 3600,  # Who comes and goes is told where a test wants it.
            "marks_pause_seconds": 0.01,
            "database_lock_timeout_seconds": 9,  # Many ask at once, and the machine may be busy.
            "jobs_inside": False,  # They run when a test says so: tests/jobs.py.
            "data_dir": folder / "mails",
        }
    )
    configure_logs(settings)
    logging.getLogger("httpx").setLevel(logging.WARNING)  # The tests' own client names its URLs.
    return settings


@pytest.fixture(scope="session")
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = connect(settings)
    await migrations.upgrade(engine)
    yield engine
    await engine.dispose()


@pytest.fixture
async def house(settings: Settings, engine: AsyncEngine) -> AsyncIterator[House]:
    async with house_with(settings, engine) as house:
        yield house


@pytest.fixture
async def live_house(settings: Settings, engine: AsyncEngine) -> AsyncIterator[House]:
    async with serve(settings) as house:
        yield house
    async with engine.begin() as connection:
        await connection.execute(text(f"TRUNCATE {_TABLES} RESTART IDENTITY CASCADE"))
    assert settings.redis_url is not None
    async with Redis.from_url(settings.redis_url.get_secret_value()) as redis:
        await redis.flushall()  # Counters of people whose ids begin anew.


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[Mailbox]:
    """Empty at first."""
    assert settings.data_dir is not None
    mailbox = Mailbox(settings.data_dir / "mail")
    mailbox.clear()
    yield mailbox
    mailbox.clear()


@asynccontextmanager
async def serve(
    settings: Settings, ws: type = ChatFlowProtocol, http: type = ChatFlowHTTP, port: int = 0
) -> AsyncIterator[House]:
    """A real server in this process, on a free port unless another is named."""
    config = uvicorn.Config(
        application(settings),
        port=port,
        http=http,
        ws=ws,
        lifespan="on",
        log_config=None,
        access_log=False,
        ws_per_message_deflate=False,
        ws_max_size=settings.frame_max_bytes,
        timeout_graceful_shutdown=5,
    )
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    serving = asyncio.create_task(server.main_loop())
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        async with House.at(f"http://127.0.0.1:{port}", server.lifespan.state) as house:
            yield house
    finally:
        serving.cancel()  # It looks only ten times a second whether it should end.
        await asyncio.wait([serving])
        await server.shutdown()
