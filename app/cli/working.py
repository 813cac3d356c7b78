"""`chatflow worker`: the servers, the database, and then the jobs."""

import asyncio
import signal

from app import worker
from app.cli import database
from app.cli.signals import caught
from app.cli.surroundings import surroundings
from app.kit.settings import Settings


def work(settings: Settings) -> None:
    """Until it is told to stop.

    Raises: CannotStart
    """
    with surroundings(settings, redis=True) as complete:
        database.prepare(complete)
        with caught(signal.SIGTERM, signal.SIGINT) as told_to_stop:
            asyncio.run(worker.work(complete, told_to_stop))
