"""The `chatflow` command: one function for each thing that it does."""

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from app import VERSION
from app.cli import database, serving, signals, working
from app.cli.embedded import CannotStart
from app.cli.seed import seed as seed_database
from app.cli.surroundings import read_settings, surroundings

app = typer.Typer(
    name="chatflow",
    help="A chat backend. Without a command, it serves.",
    epilog="Example: chatflow --port 4000",
    add_completion=False,
    pretty_exceptions_enable=False,
)

DataDir = Annotated[
    Path | None,
    typer.Option(help="The folder of the databases and the log.", show_default="./data"),
]


@app.command(epilog="Example: chatflow serve --port 4000 --workers 2")
def serve(
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port.", min=1, max=65535)] = 3000,
    workers: Annotated[int, typer.Option(help="How many processes share the work.", min=1)] = 1,
    data_dir: DataDir = None,
) -> None:
    """Serve, with a Postgres and a Redis of its own where no URL names one."""
    serving.serve(read_settings(data_dir), host, port, workers)


@app.command(epilog="Example: DATABASE_URL=postgresql://localhost/chatflow chatflow worker")
def worker(data_dir: DataDir = None) -> None:
    """Run background jobs: mail, above all. In development, serving does it too."""
    working.work(read_settings(data_dir))


@app.command(epilog="Example: DATABASE_URL=postgresql://localhost/chatflow chatflow migrate")
def migrate(data_dir: DataDir = None) -> None:
    """Bring the database up to date."""
    with surroundings(read_settings(data_dir)) as settings:
        asyncio.run(database.migrate(settings))
    typer.echo("The database is up to date.")


@app.command(epilog="Example: chatflow seed")
def seed(data_dir: DataDir = None) -> None:
    """Make alice and bob, who have begun to chat. Not in production; safe to repeat."""
    settings = read_settings(data_dir)
    if settings.is_production:
        raise CannotStart("There is no seeding in production: everybody knows the password.")
    with surroundings(settings) as complete:
        typer.echo(asyncio.run(seed_database(complete)))


@app.command(epilog="Example: chatflow renew-epoch")
def renew_epoch(data_dir: DataDir = None) -> None:
    """After a backup was restored: let every client start anew, whatever cursor it holds."""
    with surroundings(read_settings(data_dir)) as settings:
        asyncio.run(database.renew_epoch(settings))
    typer.echo("Every client starts anew.")


@app.command(epilog="Example: chatflow version")
def version() -> None:
    """Print the version."""
    typer.echo(VERSION)


def run() -> None:
    signals.let_sigterm_unwind()
    try:
        app(_serve_unless_told(sys.argv[1:]))
    except CannotStart as error:
        sys.exit(f"chatflow: {error}")


def _serve_unless_told(arguments: list[str]) -> list[str]:
    """`chatflow --port 4000` is `chatflow serve --port 4000`."""
    is_told = bool(arguments) and (arguments[0] == "--help" or not arguments[0].startswith("-"))
    return arguments if is_told else ["serve", *arguments]
