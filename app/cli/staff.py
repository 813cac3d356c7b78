"""The workers: who serves, who leaves, and who is hired in place of whom."""

from collections.abc import Callable, Iterable

import structlog

from app.cli.embedded import CannotStart
from app.cli.workers import WorkerProcess

logger = structlog.get_logger()

# Whoever dies younger may do so again at once: then each next one waits longer to be replaced, so
# that a crash at the start does not keep a CPU busy. Whoever lived longer was killed by somebody.
_YOUNG_SECONDS = 10
_PAUSES_SECONDS = (0, 1, 3, 7, 15, 30)
# While nobody serves, those who did start are not waited for: of workers that were killed again and
# again, the last ones were replaced after 12 seconds (measured).
_NOBODY_SERVES_SECONDS = 1


class Staff:
    """`serving` have started or are about to, oldest first; `leaving` have been asked to."""

    def __init__(self, hire: Callable[[], WorkerProcess], count: int) -> None:
        self._hire = hire
        self._count = count
        self.serving: list[WorkerProcess] = []
        self.leaving: list[WorkerProcess] = []
        self._early_deaths = 0
        self._pause_seconds = 0.0

    @property
    def everybody(self) -> list[WorkerProcess]:
        return [*self.serving, *self.leaving]

    @property
    def has_started(self) -> bool:
        return all(worker.has_started for worker in self.serving)

    def hire_all(self) -> None:
        """Raises: CannotStart"""
        for _ in range(self._count):
            self.serving.append(self._hire())

    def listen(self, elapsed_seconds: float) -> None:
        self._pause_seconds -= elapsed_seconds
        for worker in self.everybody:
            worker.listen(elapsed_seconds)

    def bury_the_dead(self) -> None:
        for worker in _dead(self.leaving):
            self.leaving.remove(worker)
            worker.bury()
        for worker in _dead(self.serving):
            self.serving.remove(worker)
            worker.bury()
            logger.error("worker.died", worker=worker.pid, exit_code=worker.exit_code)
            self._draw_conclusions(worker)

    def grow_old(self) -> None:
        """From now on everybody is to be replaced, one by one."""
        logger.info("workers.restart")
        for worker in self.serving:
            worker.is_old = True

    def relieve(self) -> None:
        """The eldest leaves when somebody stands in for it."""
        if len(self.serving) > self._count and self.has_started:
            self._dismiss(self.serving[0])

    def fill(self) -> None:
        """Hire whom we lack, and one more who will stand in for somebody old."""
        wanted = self._count + (self._is_restarting and not self.leaving)
        if len(self.serving) < wanted and self._pause_seconds <= 0:
            try:
                self.serving.append(self._hire())
            except CannotStart as error:
                logger.error("worker.not_hired", error=str(error))

    def dismiss_all(self) -> None:
        for worker in list(self.serving):
            self._dismiss(worker)

    @property
    def _is_restarting(self) -> bool:
        return any(worker.is_old for worker in self.serving)

    def _dismiss(self, worker: WorkerProcess) -> None:
        self.serving.remove(worker)
        self.leaving.append(worker)
        worker.ask_to_leave()

    def _draw_conclusions(self, dead: WorkerProcess) -> None:
        if dead.age_seconds > _YOUNG_SECONDS:
            self._early_deaths = 0
            return
        self._pause_seconds = _PAUSES_SECONDS[min(self._early_deaths, len(_PAUSES_SECONDS) - 1)]
        if dead.has_started and not self.serving:
            self._pause_seconds = min(self._pause_seconds, _NOBODY_SERVES_SECONDS)
        self._early_deaths += 1
        if not dead.has_started and self._is_restarting:
            self._stay()

    def _stay(self) -> None:
        """Who is to be relieved by somebody who cannot start serves on."""
        logger.error("workers.restart_abandoned")
        for worker in self.serving:
            worker.is_old = False


def _dead(workers: Iterable[WorkerProcess]) -> list[WorkerProcess]:
    return [worker for worker in workers if worker.exit_code is not None]
