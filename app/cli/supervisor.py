"""Keeps the workers alive until it is told to stop, and then sees all of them out.

uvicorn's own does not notice a blocked event loop, ends with success when no worker can start,
waits for them without bound, and leaves them behind when it is killed (all measured).
"""

import select
import signal
import socket
import time
from collections.abc import Callable, Iterable

import structlog

from app.cli import signals
from app.cli.embedded import CannotStart
from app.cli.staff import Staff
from app.cli.workers import WorkerProcess

logger = structlog.get_logger()

_TURN_SECONDS = 0.5
# Longer than a worker takes that is well, and with the farewell of the embedded servers below the
# 10 seconds that container runtimes grant before they kill.
_LEAVE_SECONDS = 7


class Supervisor:
    def __init__(
        self,
        hire: Callable[[], WorkerProcess],
        count: int,
        *,
        log: str = "the log",
        silence_seconds: float = 30,
    ) -> None:
        """`log` is where a worker tells why it did not start. Whoever is silent longer is stuck."""
        self._staff = Staff(hire, count)
        self._log = log
        self._silence_seconds = silence_seconds
        self._is_over = False
        self._had_terminal = signals.has_terminal()
        self._last_turn = time.monotonic()

    def run(self, when_ready: Callable[[], None]) -> None:
        """Until SIGTERM or SIGINT. SIGHUP replaces every worker, and no request is refused.

        Raises: CannotStart if a worker ends, or says nothing, before all have started.
        """
        with signals.caught(signal.SIGTERM, signal.SIGINT, signal.SIGHUP) as bell:
            try:
                self._start(bell)
                if not self._is_over:
                    when_ready()
                while not self._is_over:
                    self._turn(bell)
            finally:
                self._see_everybody_out(bell)

    def _start(self, bell: socket.socket) -> None:
        self._staff.hire_all()
        while not self._is_over and not self._staff.has_started:
            self._wait(bell)
            for worker in self._staff.serving:
                if worker.exit_code is not None or worker.silent_seconds > self._silence_seconds:
                    raise CannotStart(f"A worker did not start: {self._log} says why.")

    def _turn(self, bell: socket.socket) -> None:
        self._wait(bell)
        _kill_silent(self._staff.serving, self._silence_seconds)
        _kill_silent(self._staff.leaving, _LEAVE_SECONDS)
        self._staff.bury_the_dead()
        self._staff.relieve()
        self._staff.fill()

    def _see_everybody_out(self, bell: socket.socket) -> None:
        self._staff.dismiss_all()
        while self._staff.leaving:
            self._wait(bell)
            _kill_silent(self._staff.leaving, _LEAVE_SECONDS)
            self._staff.bury_the_dead()

    def _wait(self, bell: socket.socket) -> None:
        """For a signal, a beat or a death, but not long."""
        lines = [worker.line for worker in self._staff.everybody]
        ready, _, _ = select.select([bell, *lines], [], [], _TURN_SECONDS)
        if bell in ready:
            self._obey(bell.recv(64))
        self._staff.listen(self._elapsed_seconds())

    def _elapsed_seconds(self) -> float:
        """Time that we were stopped for ourselves, as in a paused container, does not count."""
        before, self._last_turn = self._last_turn, time.monotonic()
        return min(self._last_turn - before, 2 * _TURN_SECONDS)

    def _obey(self, numbers: bytes) -> None:
        is_window_closed = self._had_terminal and not signals.has_terminal()
        if signal.SIGTERM in numbers or signal.SIGINT in numbers or is_window_closed:
            self._is_over = True
        else:
            self._staff.grow_old()


def _kill_silent(workers: Iterable[WorkerProcess], seconds: float) -> None:
    for worker in workers:
        if worker.silent_seconds > seconds:
            logger.error("worker.stuck", worker=worker.pid)
            worker.kill()
