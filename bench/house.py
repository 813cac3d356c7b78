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


@dataclass(frozen=True)
class House:
    port: int
    pid: int

    def worker_cpu_seconds(self) -> float:
        """User and kernel time of the workers, without Postgres and Valkey."""
        ticks = 0
        for child in Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split():
            if b"app.cli.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
                after_name = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
                ticks += int(after_name[11]) + int(after_name[12])
        return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def pinned_house(workers: int = 1) -> Iterator[House]:
    """The workers on one CPU, this program on the other; Postgres and Valkey wherever they like."""
    place = Path(tempfile.mkdtemp(prefix="chatflow-bench-", dir="/tmp"))
    place.chmod(0o755)
    port = _free_port()
    command = [str(Path(sys.executable).with_name("chatflow")), "serve", "--port", str(port)]
    command += ["--workers", str(workers), "--data-dir", str(place / "data")]
    quiet = os.environ | {"CHATFLOW_RATE_LIMITS": "false"}
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
    for child in Path(f"/proc/{house.pid}/task/{house.pid}/children").read_text().split():
        if b"app.cli.worker" in Path(f"/proc/{child}/cmdline").read_bytes():
            for thread in Path(f"/proc/{child}/task").iterdir():
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
