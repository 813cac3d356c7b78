"""A real `chatflow serve` on one CPU, with fsync on, for as long as a measurement takes."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.cli.embedded.home import open_home
from app.cli.embedded.postgres import Postgres

SERVER_CPU, LOAD_CPU = 0, 1
START_SECONDS = 60
# Everybody comes from one address, and most are Alice.
CROWDED = {
    "CHATFLOW_CONNECTIONS_PER_USER_MAX": "100000",
    "CHATFLOW_CONNECTIONS_PER_ADDRESS_MAX": "100000",
}


@dataclass(frozen=True)
class House:
    """`database_url` is that of its own Postgres, as SQLAlchemy has it; empty if it has none."""

    port: int
    pid: int
    database_url: str = ""

    def workers(self) -> list[Path]:
        """Their folders in /proc, without Postgres and Valkey."""
        return [each for each in _children(self.pid) if "app.cli.worker" in _command(each)]

    def worker_cpu_seconds(self) -> float:
        """User and kernel time."""
        return sum(_ticks(each)[0] for each in self.workers()) / os.sysconf("SC_CLK_TCK")

    def postgres_cpu_seconds(self) -> float:
        """That of all its processes, and of those that have ended."""
        own = [each for each in _children(self.pid) if "bin/postgres" in _command(each)]
        ticks = sum(sum(_ticks(each)) for each in own)
        ticks += sum(_ticks(each)[0] for one in own for each in _children(int(one.name)))
        return ticks / os.sysconf("SC_CLK_TCK")

    def worker_memory_bytes(self) -> int:
        """What of it is in RAM."""
        pages = [int(each.joinpath("statm").read_text().split()[1]) for each in self.workers()]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")


def _children(pid: int) -> list[Path]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [Path("/proc", child) for child in children]


def _command(process: Path) -> str:
    return process.joinpath("cmdline").read_text(errors="replace")


def _ticks(process: Path) -> tuple[int, int]:
    """Its own, and those of its children that have ended."""
    after_name = process.joinpath("stat").read_text().rpartition(")")[2].split()
    own, theirs = map(int, after_name[11:13]), map(int, after_name[13:15])
    return sum(own), sum(theirs)


@contextmanager
def pinned_house(workers: int = 1, **environment: str) -> Iterator[House]:
    """The workers on one CPU, this program on the other; Postgres and Valkey wherever they like."""
    with free_house(workers, **environment) as house:
        _pin(house)
        yield house
    os.sched_setaffinity(0, {SERVER_CPU, LOAD_CPU})


@contextmanager
def free_house(workers: int = 1, **environment: str) -> Iterator[House]:
    """All of it, and this program, wherever they like."""
    place = Path(tempfile.mkdtemp(prefix="chatflow-bench-", dir="/tmp"))
    place.chmod(0o755)
    port = _free_port()
    command = [str(Path(sys.executable).with_name("chatflow")), "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--data-dir", str(place / "data")]
    quiet = os.environ | {"CHATFLOW_RATE_LIMITS": "false"} | CROWDED | environment
    server = subprocess.Popen(command, env=quiet, stdout=subprocess.DEVNULL)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))
    try:
        _wait_until_ready(port)
        own = "" if "DATABASE_URL" in environment else _postgres_below(place / "data").url
        yield House(port, server.pid, own)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(15)
        shutil.rmtree(place, ignore_errors=True)


def _postgres_below(folder: Path) -> Postgres:
    return Postgres(open_home(folder), durable=True)


def _pin(house: House) -> None:
    os.sched_setaffinity(0, {LOAD_CPU})
    for worker in house.workers():
        for thread in worker.joinpath("task").iterdir():
            os.sched_setaffinity(int(thread.name), {SERVER_CPU})


def _wait_until_ready(port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/up/ready").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    sys.exit("the server did not start")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
