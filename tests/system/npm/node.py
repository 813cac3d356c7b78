"""A Node process in which clients of npm run, told and telling in lines of JSON."""

import asyncio
import json
import shutil
import subprocess
from asyncio.subprocess import PIPE, Process
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parent
PATIENCE_SECONDS = 30
_INSTALL_SECONDS = 300
# A line is a message at most.
_LINE_MAX_BYTES = 2**20

Told = dict[str, Any]


@cache
def install() -> None:
    """What the lock names, unless it is there already."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")
    wanted, there = FOLDER / "package-lock.json", FOLDER / "node_modules/.package-lock.json"
    if not there.exists() or there.stat().st_mtime < wanted.stat().st_mtime:
        npm = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        subprocess.run(npm, cwd=FOLDER, check=True, timeout=_INSTALL_SECONDS)


@dataclass
class Client:
    """One client. `heard` has been read; the rest waits."""

    node: "Node"
    name: str
    heard: list[Told] = field(default_factory=list)

    async def order(self, order: str, **details: object) -> None:
        await self.node.write({"order": order, "name": self.name, "as": "", **details})

    async def subscribe(self, channel: Mapping[str, object], **details: object) -> None:
        """Shape: `details` may be {"as": what its events are told under}"""
        await self.order("subscribe", channel=channel, **details)

    async def perform(self, action: str, **data: object) -> None:
        await self.order("perform", action=action, data=data)

    async def next(self) -> Told:
        async with asyncio.timeout(PATIENCE_SECONDS):
            told = await self.node.told[self.name].get()
        assert told["event"] != "failed", told
        self.heard.append(told)
        return told

    async def next_of(self, event: str, **details: object) -> Told:
        while not (told := await self.next()).items() >= ({"event": event} | details).items():
            pass
        return told

    async def received(self) -> Any:
        """Past who comes and goes, which is told when it happens to be."""
        while (told := await self.next_of("received"))["message"].get("type") == "presence.changed":
            pass
        return told["message"]


class Node:
    def __init__(self, process: Process) -> None:
        self._process = process
        self._count = 0
        self.told: dict[str, asyncio.Queue[Told]] = defaultdict(asyncio.Queue)

    async def client(
        self, kind: str, url: str, headers: Mapping[str, str], **how: object
    ) -> Client:
        """Shape: `how` is {"protocol": text?, "restless": messages?}"""
        self._count += 1
        client = Client(self, f"client{self._count}")
        await client.order("open", kind=kind, url=url, headers=headers, **how)
        return client

    async def write(self, order: Told) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            told = json.loads(line)
            self.told[told["name"]].put_nowait(told)


@asynccontextmanager
async def running_node() -> AsyncIterator[Node]:
    install()
    process = await asyncio.create_subprocess_exec(
        "node", FOLDER / "drive.js", stdin=PIPE, stdout=PIPE, limit=_LINE_MAX_BYTES
    )
    node = Node(process)
    listening = asyncio.create_task(node.listen())
    try:
        yield node
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await process.wait()
        await listening
