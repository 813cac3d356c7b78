"""One attempt at a job, and what is to become of those that failed."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import orjson
import structlog
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job as Row

from app.kit.settings import Settings

logger = structlog.get_logger()

# What lives as long as the process, by name.
House = Mapping[str, Any]
Job = Callable[[House, dict[str, Any]], Awaitable[None]]

_PAUSE_GROWS = 3.0
_GROWS_AT_MOST = 20  # A float has an end, however many attempts the settings allow.
_PAUSE_MAX_SECONDS = 3600


class Hopeless(Exception):
    """A job raises it when trying again would not help."""


class Failed(Exception):
    """It is not tried again; the row stays for as long as the settings say."""


class Attempts:
    """What went wrong is logged here. PgQueuer, which writes texts of errors into a table of its
    own, hears no more than the name of their class."""

    def __init__(self, house: House, jobs: Mapping[str, Job]) -> None:
        self._settings: Settings = house["settings"]
        self._house = house
        self._jobs = jobs

    async def make(self, row: Row) -> None:
        """Raises: RetryRequested when it is to be tried again, Failed when not."""
        job, number = self._jobs[row.entrypoint], row.attempts + 1
        with structlog.contextvars.bound_contextvars(job=row.entrypoint, job_id=row.id):
            try:
                async with asyncio.timeout(self._settings.job_max_seconds):
                    await job(self._house, orjson.loads(row.payload or b"{}"))
            except asyncio.CancelledError:
                logger.warning("job.interrupted", attempt=number)
                raise RetryRequested(reason="interrupted") from None
            except Exception as error:
                raise self._verdict(number, error) from None
            logger.info("job.done", attempt=number)

    def _verdict(self, number: int, error: Exception) -> RetryRequested | Failed:
        if isinstance(error, Hopeless) or number >= self._settings.job_attempts_max:
            logger.error("job.failed", attempt=number, exc_info=error)
            return Failed(type(error).__qualname__)
        pause_seconds = self._pause_seconds(number)
        logger.warning(
            "job.again", attempt=number, pause_seconds=round(pause_seconds, 3), exc_info=error
        )
        return RetryRequested(timedelta(seconds=pause_seconds), type(error).__qualname__)

    def _pause_seconds(self, number: int) -> float:
        growth = _PAUSE_GROWS ** min(number - 1, _GROWS_AT_MOST)
        return min(self._settings.job_pause_seconds * growth, _PAUSE_MAX_SECONDS)
