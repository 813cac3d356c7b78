"""Searching a million messages: how long an answer takes, by what is looked for.

.venv/bin/python -m bench.search [times]
"""

import asyncio
import logging
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import httpx
from sqlalchemy.engine import make_url

from app.auth.access import NOWHERE, SESSION_COOKIE
from app.cli.embedded import embedded_servers
from app.kit import migrations
from app.kit.postgres import connect
from app.kit.settings import Settings
from app.main import create_app, live
from app.models import User
from bench.chatter import ME, RARE, fill

BUSIEST = 9  # Of the conversations with the most messages, the first that is mine.

# Shape: what is looked for, and some of it: each in turn, for a cache knows the last.
KINDS: dict[str, list[dict[str, str]]] = {
    "rare word": [{"query": RARE}],
    "common word": [{"query": word} for word in ("the", "tomorrow", "please")],
    "neither": [{"query": word} for word in ("grahol", "jorkel", "fixiyo", "terinron")],
    "part of a word": [{"query": word} for word in ("raho", "orro", "elbas", "eeting")],
    "one or two letters": [{"query": word} for word in ("t", "ok", "qz", "ы", "м")],
    "two words": [{"query": words} for words in ("please meeting", "holin tomorrow", "ver jor")],
    "Chinese, Japanese": [{"query": words} for words in ("京", "不一", "の", "俧京", "んの")],
    "emoji": [{"query": sign} for sign in "👍😀🎉❤"],
    "accents": [{"query": word} for word in ("creml", "ñoça", "STEMO", "łypa")],
    "Cyrillic": [{"query": word} for word in ("привет", "МОСКВА", "утроли", "ещё")],
    "nothing found": [
        {"query": word} for word in ("xylophone", "qqqq", "нетъ", "龘龘", "grahol qz")
    ],
}
FILTERS: dict[str, dict[str, str]] = {
    "in one conversation": {"conversation_id": str(BUSIEST)},
    "by an author": {"author_id": "77"},
    "before a day": {"before": "2024-03-01"},
    "between two days": {"after": "2024-02-01", "before": "2024-02-03"},
}


def kinds() -> dict[str, list[dict[str, str]]]:
    words = [*KINDS["common word"], *KINDS["neither"]]
    filtered = {name: [word | some for word in words] for name, some in FILTERS.items()}
    best = {
        f"{name}, best first": [one | {"sort": "best"} for one in KINDS[name]] for name in KINDS
    }
    return KINDS | filtered | best


@asynccontextmanager
async def house_full_of_messages(folder: Path) -> AsyncIterator[httpx.AsyncClient]:
    """The application in this process, and a client that is signed in as me."""
    with embedded_servers(folder / "data", durable=False, redis=False) as servers:
        settings = Settings.model_validate(
            {"DATABASE_URL": servers.database_url, "rate_limits": False, "jobs_inside": False}
        )
        engine = connect(settings, patient=True)
        await migrations.upgrade(engine)
        await engine.dispose()
        assert servers.database_url
        plain = make_url(servers.database_url).set(drivername="postgresql")
        await fill(plain.render_as_string(hide_password=False))
        app = create_app(settings)
        async with live(settings, app) as state:

            async def with_state(scope: Any, receive: Any, send: Any) -> None:
                await app({**scope, "state": dict(state)}, receive, send)

            async with state["database"].unit_of_work() as session:
                me = await session.get(User, ME)
                entrance = await state["front_desk"].admit(session, me, NOWHERE)
            transport = httpx.ASGITransport(with_state)
            async with httpx.AsyncClient(transport=transport, base_url="http://bench") as client:
                client.cookies.set(SESSION_COOKIE, entrance.credential)
                yield client


async def measure(client: httpx.AsyncClient, times: int) -> None:
    print("| looked for | hits of 20 | p50 ms | p95 ms | p99 ms |")
    print("|---|---:|---:|---:|---:|")
    for name, asked in kinds().items():
        milliseconds, hits = [], 0
        for number in range(-len(asked), times):  # Each once before, to warm up.
            began = perf_counter()
            answer = await client.get("/search", params=asked[number % len(asked)])
            took = (perf_counter() - began) * 1e3
            answer.raise_for_status()
            if number >= 0:
                milliseconds.append(took)
                hits += len(answer.json()["hits"])
        milliseconds.sort()
        p50, p95, p99 = (milliseconds[int(times * part)] for part in (0.5, 0.95, 0.99))
        print(f"| {name} | {hits / times:.1f} | {p50:.1f} | {p95:.1f} | {p99:.1f} |", flush=True)


async def main(folder: Path, times: int) -> None:
    logging.disable(logging.INFO)  # The client names each address.
    async with house_full_of_messages(folder) as client:
        await measure(client, times)


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="chatflow-bench-", dir="/tmp"))
    place.chmod(0o755)
    try:
        asyncio.run(main(place, int(sys.argv[1]) if len(sys.argv) > 1 else 100))
    finally:
        shutil.rmtree(place, ignore_errors=True)
