"""`chatflow serve`: the door, the servers, the database, the workers, in this order."""

from functools import partial

import structlog
import typer

from app.cli import database
from app.cli.door import open_door
from app.cli.embedded import CannotStart
from app.cli.supervisor import Supervisor
from app.cli.surroundings import environment, surroundings
from app.cli.workers import WorkerProcess
from app.kit.settings import Settings

logger = structlog.get_logger()


def serve(settings: Settings, host: str, port: int, workers: int) -> None:
    """Until it is told to stop.

    Raises: CannotStart
    """
    with open_door(host, port) as door:
        _announce_first_start(settings)
        with surroundings(_with_public_url(settings, host, port), redis=True) as complete:
            _check_doorbell(complete, workers)
            database.prepare(complete)
            hire = partial(WorkerProcess, door, environment(complete))
            supervisor = Supervisor(hire, workers, log=str(settings.log_file or "the log"))
            supervisor.run(when_ready=partial(_welcome, complete, host, port, workers))
            logger.info("server.stopped")


def _with_public_url(settings: Settings, host: str, port: int) -> Settings:
    """On a laptop, links in mails lead to where we serve, unless told otherwise."""
    if settings.is_production or "public_url" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"public_url": _address(host, port)})


def _announce_first_start(settings: Settings) -> None:
    data = settings.data_dir
    if data and settings.database_url is None and not (data / "postgres").exists():
        typer.echo(f"Creating the database in {data} ...")


def _check_doorbell(settings: Settings, workers: int) -> None:
    if settings.redis_url is None and workers > 1:
        raise CannotStart(
            f"{workers} workers need a Redis to tell each other what happens: set REDIS_URL, "
            "install valkey-server, or serve with one worker."
        )


def _welcome(settings: Settings, host: str, port: int, workers: int) -> None:
    address = _address(host, port)
    logger.info("server.ready", address=address, workers=workers, redis=bool(settings.redis_url))
    if not settings.is_production:
        typer.echo(_banner(settings, address))


def _banner(settings: Settings, address: str) -> str:
    lines = {
        "Address": address,
        "Explorer": f"{address}/docs",
        "Data": settings.data_dir,
        "Log": settings.log_file,
        "Mail": _mail(settings),
        "People": "`chatflow seed` makes alice and bob",
        "Stop": "Ctrl-C",
    }
    if settings.redis_url is None:
        lines["Redis"] = "none: live delivery is within this one process"
    width = max(map(len, lines)) + 2
    body = "\n".join(f"  {name:<{width}}{text}" for name, text in lines.items())
    return f"\nChatFlow is serving.\n\n{body}\n"


def _mail(settings: Settings) -> str:
    if settings.smtp_url or settings.data_dir is None:
        return "goes out by the mail server"
    return f"none goes out: it lands in {settings.data_dir / 'mail'}"


def _address(host: str, port: int) -> str:
    if host in ("127.0.0.1", "0.0.0.0", "::", "::1"):  # noqa: S104  As people type it.
        host = "localhost"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
