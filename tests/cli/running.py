"""The command as people run it: real processes, real servers, in a folder of their own."""

import asyncio
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self
from urllib.request import urlopen

import asyncpg

from tests.secrecy import SECRETS, refuse_secrets, refuse_secrets_in

CHATFLOW = Path(sys.executable).with_name("chatflow")
# What the command promises.
STOP_SECONDS = 10
NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing"


@contextlib.contextmanager
def place_for_data() -> Iterator[Path]:
    """A folder that `nobody` can reach.

    Afterwards no process of it may be left, and no secret in its logs.
    """
    place = Path(tempfile.mkdtemp(prefix="chatflow-test-", dir="/tmp"))
    place.chmod(0o755)
    try:
        yield place
        left = processes_of(place)
    finally:
        for pid in processes_of(place):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        try:
            refuse_secrets(SECRETS, place)
        finally:
            shutil.rmtree(place)
    assert not left, f"left running: {left}"


def processes_of(place: Path) -> dict[int, str]:
    """Those that work in the folder or were told of it.

    Shape: {pid: command line}
    """
    found = {}
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            command = process.joinpath("cmdline").read_bytes()
            told = command + process.joinpath("environ").read_bytes()
            works_in = os.readlink(process / "cwd")
            if works_in.startswith(str(place)) or str(place).encode() in told:
                found[int(process.name)] = command.replace(b"\0", b" ").decode()
    return found


def environment(**more: str) -> dict[str, str]:
    return {"PATH": os.defpath, "CHATFLOW_PASSWORD_BCRYPT_ROUNDS": "4", **more}


def chatflow(place: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [CHATFLOW, *arguments],
        cwd=place,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=60,
    )
    # What is printed is for the one who asked; `seed` tells them the password.
    refuse_secrets_in(SECRETS, done.stderr.splitlines(), "stderr")
    return done


def ask(host: str, statement: str) -> list[tuple[Any, ...]]:
    """A question for the Postgres whose socket is in the folder `host`."""

    async def answer() -> list[tuple[Any, ...]]:
        connection = await asyncpg.connect(host=host, user="postgres", database="chatflow")
        try:
            return [tuple(row) for row in await connection.fetch(statement)]
        finally:
            await connection.close()

    return asyncio.run(answer())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.02)


class Server:
    """A command that serves on a port, until the end of the block."""

    def __init__(self, place: Path, command: list[str], port: int, **more: str) -> None:
        self.place, self.port = place, port
        self.printed = place / f"printed-{port}.txt"
        with self.printed.open("wb") as output:
            self.process = subprocess.Popen(
                command,
                cwd=place,
                env=environment(**more),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(STOP_SECONDS)

    def get(self, path: str) -> dict[str, Any]:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            document: dict[str, Any] = json.load(answer)
            return document

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=10)

    def status(self, path: str) -> int:
        return self.send(f"GET {path} HTTP/1.0\r\n\r\n")

    def post(self, path: str, body: str) -> int:
        about = f"Content-Type: application/json\r\nContent-Length: {len(body)}"
        return self.send(f"POST {path} HTTP/1.0\r\n{about}\r\n\r\n{body}")

    def send(self, request: str) -> int:
        """Answers the status."""
        SECRETS.add_text(request)
        with self.connect() as connection:
            connection.sendall(request.encode())
            return int(connection.recv(4096).split()[1])

    def answers(self) -> bool:
        with contextlib.suppress(OSError, IndexError):  # Refused, or closed without an answer.
            return self.status("/up") == 200
        return False

    def says(self, words: str) -> bool:
        return words in self.printed.read_text()

    def wait_until_ready(self) -> Self:
        wait_for(lambda: self.says("is serving") or self.process.poll() is not None)
        assert self.process.poll() is None, self.printed.read_text()
        return self

    def workers(self) -> set[int]:
        children = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        pids = map(int, Path(children).read_text().split())
        return {pid for pid in pids if b"app.cli.worker" in _command_line(pid)}

    def log(self) -> list[dict[str, Any]]:
        lines = (self.place / "data/log/chatflow.log").read_text().splitlines()
        return [json.loads(line) for line in lines]


def _command_line(pid: int) -> bytes:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    return b""


def serve(place: Path, *arguments: str, **more: str) -> Server:
    port = free_port()
    return Server(place, [str(CHATFLOW), "--port", str(port), *arguments], port, **more)
