"""What is asked, of an application in this process, with a bare ASGI scope."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.types import Message, Scope

from app.auth.access import NOWHERE, SESSION_COOKIE
from app.cli.embedded import embedded_servers
from app.kit import migrations
from app.kit.postgres import connect
from app.kit.settings import Settings
from app.main import create_app, live
from app.models import User
from bench.filling import filling
from bench.requests import BODY


@dataclass(frozen=True)
class Ask:
    method: str
    path: str
    cookie: str
    state: dict[str, Any]
    body: bytes = b""

    def scope(self) -> Scope:
        headers = [(b"host", b"localhost:3000"), (b"cookie", self.cookie.encode())]
        if self.body:
            headers += [(b"content-type", b"application/json")]
            headers += [(b"content-length", str(len(self.body)).encode())]
        return {
            "type": "http",
            "http_version": "1.1",
            "method": self.method,
            "path": self.path,
            "raw_path": self.path.encode(),
            "query_string": b"",
            "root_path": "",
            "scheme": "http",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 3000),
            # The request's id is what the outermost layer leaves to the others.
            "state": self.state | {"request_id": "measured"},
        }

    async def receive(self) -> Message:
        return {"type": "http.request", "body": self.body, "more_body": False}


async def send(_message: Message) -> None: ...


async def only_answer(_scope: Scope, _receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[tuple[FastAPI, list[Ask]]]:
    with embedded_servers(folder, durable=False, redis=False) as servers:
        given = {"DATABASE_URL": servers.database_url, "rate_limits": False, "jobs_inside": False}
        settings = Settings.model_validate(given | {"trusted_proxies": ["10.0.0.0/8"]})
        engine = connect(settings, patient=True)
        await migrations.upgrade(engine)
        await engine.dispose()
        async with filling(str(servers.database_url)) as (fill, _):
            people = await fill.people(2)
            (room,) = await fill.conversations(1, people)
            await fill.messages([room], people, 50)
        app = create_app(settings)
        async with live(settings, app) as state:
            async with state["database"].unit_of_work() as session:
                user = await session.get_one(User, people[0])
                entrance = await state["front_desk"].admit(session, user, NOWHERE)
            cookie = f"{SESSION_COOKIE}={entrance.credential}"
            messages = f"/conversations/{room}/messages"
            yield (
                app,
                [
                    Ask("GET", "/users/me", cookie, state),
                    Ask("GET", messages, cookie, state),
                    Ask("GET", "/conversations", cookie, state),
                    Ask("POST", messages, cookie, state, json.dumps(BODY).encode()),
                ],
            )
