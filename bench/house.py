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

SERVER_CPU, LOAD_CPU = 0, 1
START_SECONDS = 60
# Everybody comes from one address, and most are Alice.
CROWDED = {
    "CHATFLOW_CONNECTIONS_PER_USER_MAX": "100000",
    "CHATFLOW_CONNECTIONS_PER_ADDRESS_MAX": "100000",
}


@dataclass(frozen=True)
class House:
    port: int
    pid: int

    def workers(self) -> list[Path]:
        """Their folders in /proc, without Postgres and Valkey."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        folders = [Path("/proc", child) for child in children]
        return [
            each for each in folders if b"app.cli.worker" in each.joinpath("cmdline").read_bytes()
        ]

    def worker_cpu_seconds(self) -> float:
        """User and kernel time."""
        ticks = 0
        for worker in self.workers():
            after_name = worker.joinpath("stat").read_text().rpartition(")")[2].split()
            ticks += int(after_name[11]) + int(after_name[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def worker_memory_bytes(self) -> int:
        """What of it is in RAM."""
        pages = [int(each.joinpath("statm").read_text().split()[1]) for each in self.workers()]
        return sum(pages) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def pinned_house(workers: int = 1) -> Iterator[House]:
    """The workers on one CPU, this program on the other; Postgres and Valkey wherever they like."""
    place = Path(tempfile.mkdtemp(prefix="chatflow-bench-", dir="/tmp"))
    place.chmod(0o755)
    port = _free_port()
    command = [str(Path(sys.executable).with_name("chatflow")), "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--data-dir", str(place / "data")]
    quiet = os.environ | {"CHATFLOW_RATE_LIMITS": "false"} | CROWDED
    server = subprocess.Popen(command, env=quiet, stdout=subprocess.DEVNULL)
    try:
        _wait_until_ready(port)
        house = House(port, server.pid)
        _pin(house)
        yield house
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(15)
        shutil.rmtree(place, ignore_errors=True)


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
