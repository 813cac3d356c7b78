"""`chatflow worker`: the servers, the database, and then the jobs."""

import asyncio
import signal

import typer

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
            _welcome(complete)
            asyncio.run(worker.work(complete, told_to_stop))


def _welcome(settings: Settings) -> None:
    if not settings.is_production:
        typer.echo(f"ChatFlow is running jobs. Log: {settings.log_file}. Stop: Ctrl-C")
