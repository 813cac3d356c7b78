"""The supervisor and its workers: whatever happens to one of them, somebody answers."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.cli.running import (
    NOWHERE,
    STOP_SECONDS,
    Server,
    free_port,
    processes_of,
    serve,
    wait_for,
)

SILENCE_SECONDS = 5.0
# Workers answer /up without a database. Told less patience, the supervisor shows it sooner.
SUPERVISOR = """
import os, sys
from functools import partial
from app.cli.door import open_door
from app.cli.embedded import CannotStart
from app.cli.supervisor import Supervisor
from app.cli.workers import WorkerProcess

try:
    with open_door("127.0.0.1", int(sys.argv[1])) as door:
        supervisor = Supervisor(
            partial(WorkerProcess, door, os.environ), 2, silence_seconds=float(sys.argv[2])
        )
        supervisor.run(when_ready=lambda: print("is serving", flush=True))
except CannotStart as error:
    sys.exit(str(error))
"""


def supervise(place: Path, *, silence_seconds: float = 30) -> Server:
    """Two workers. They cannot start where their log cannot be written."""
    (place / "log").mkdir(exist_ok=True)
    port = free_port()
    command = [sys.executable, "-c", SUPERVISOR, str(port), str(silence_seconds)]
    return Server(
        place, command, port, DATABASE_URL=NOWHERE, CHATFLOW_LOG_FILE=f"{place}/log/workers.log"
    )


@contextmanager
def crowd(server: Server) -> Iterator[list[bool]]:
    """Two clients who ask again and again, each time by a new connection. What they got."""
    answers: list[bool] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            answers.append(server.answers())

    clients = [threading.Thread(target=ask) for _ in range(2)]
    for client in clients:
        client.start()
    try:
        yield answers
    finally:
        is_over.set()
        for client in clients:
            client.join()


def test_a_killed_worker_is_replaced(place: Path) -> None:
    with supervise(place).wait_until_ready() as server:
        before = server.workers()
        victim = min(before)
        os.kill(victim, signal.SIGKILL)
        wait_for(lambda: len(server.workers() - {victim}) == 2)
        assert before - {victim} < server.workers()
        wait_for(server.answers)


def test_a_worker_whose_loop_is_blocked_is_killed_and_replaced(place: Path) -> None:
    with supervise(place, silence_seconds=SILENCE_SECONDS).wait_until_ready() as server:
        victim = min(server.workers())
        os.kill(victim, signal.SIGSTOP)
        wait_for(lambda: victim not in server.workers())
        wait_for(lambda: len(server.workers()) == 2)
        wait_for(server.answers)


def test_a_worker_that_is_blocked_does_not_hold_up_the_end(place: Path) -> None:
    with supervise(place).wait_until_ready() as server:
        os.kill(min(server.workers()), signal.SIGSTOP)
        server.process.terminate()
        assert server.process.wait(STOP_SECONDS) == 0
        assert processes_of(place) == {}


def test_a_stopped_and_continued_supervisor_blames_nobody(place: Path) -> None:
    with supervise(place, silence_seconds=SILENCE_SECONDS).wait_until_ready() as server:
        before = server.workers()
        for pid in (server.process.pid, *before):
            os.kill(pid, signal.SIGSTOP)
        paused_at = time.monotonic()
        wait_for(lambda: time.monotonic() > paused_at + 1.2 * SILENCE_SECONDS)
        for pid in (server.process.pid, *before):
            os.kill(pid, signal.SIGCONT)
        wait_for(server.answers)
        assert server.workers() == before


def test_when_no_worker_can_start_neither_does_the_server(place: Path) -> None:
    with supervise(place) as server:
        (place / "log").rename(place / "gone")
        assert server.process.wait(STOP_SECONDS) == 1
        assert server.says("A worker did not start: the log says why.\n")
        assert processes_of(place) == {}


def test_a_restart_that_cannot_succeed_is_abandoned(place: Path) -> None:
    with supervise(place).wait_until_ready() as server:
        before = server.workers()
        (place / "log").rename(place / "gone")
        server.process.send_signal(signal.SIGHUP)
        wait_for(lambda: server.says("workers.restart_abandoned"))
        wait_for(lambda: server.workers() == before)
        assert server.answers()


def test_a_worker_that_says_nothing_at_the_start_is_not_waited_for(place: Path) -> None:
    with supervise(place, silence_seconds=0) as server:
        assert server.process.wait(30) == 1
        assert not server.says("is serving")


def test_a_restart_replaces_every_worker_while_every_request_succeeds(place: Path) -> None:
    with supervise(place).wait_until_ready() as server:
        before = server.workers()
        with crowd(server) as answers:
            wait_for(lambda: answers)
            server.process.send_signal(signal.SIGHUP)
            wait_for(lambda: len(server.workers()) == 2 and not before & server.workers())
        assert len(answers) > 10
        assert all(answers)


def test_workers_leave_with_a_killed_parent_and_the_next_start_works(place: Path) -> None:
    with serve(place, "--workers", "2").wait_until_ready() as server:
        workers = server.workers()
        server.process.kill()
        wait_for(lambda: not workers & processes_of(place).keys(), STOP_SECONDS)
    with serve(place).wait_until_ready() as server:
        assert server.get("/up/ready")["status"] == "ready"


def test_a_worker_takes_no_code_from_the_current_folder(place: Path) -> None:
    (place / "app").mkdir()
    (place / "app/__init__.py").write_text("raise SystemExit('the wrong house')")
    with serve(place, DATABASE_URL="").wait_until_ready() as server:
        assert server.answers()
