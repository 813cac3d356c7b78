"""What every command needs around it: the settings, the log, and the servers."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from app.cli.embedded import CannotStart, Servers, default_data_dir, embedded_servers
from app.kit.logs import configure_logs
from app.kit.settings import Settings

logger = structlog.get_logger()

_REVIVE_EVERY_SECONDS = 1


def read_settings(data_dir: Path | None) -> Settings:
    """Raises: CannotStart, which names each variable that will not do, and never its value."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise CannotStart(" ".join(map(_complaint, error.errors()))) from None
    if settings.is_production:
        if settings.database_url is None:
            raise CannotStart("DATABASE_URL must be set in production.")
        return settings
    folder = (data_dir or settings.data_dir or default_data_dir()).expanduser().absolute()
    log_file = settings.log_file or folder / "log" / "chatflow.log"
    return settings.model_copy(update={"data_dir": folder, "log_file": log_file})


def _complaint(problem: ErrorDetails) -> str:
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return f"{message}."
    name = str(problem["loc"][0]).upper()
    variable = name if name.endswith("_URL") else f"CHATFLOW_{name}"
    return f"{variable}: {message}."


@contextmanager
def surroundings(settings: Settings, *, redis: bool = False) -> Iterator[Settings]:
    """The settings, complete with the servers that run until the end of the block.

    Raises: CannotStart
    """
    with _servers(settings, redis=redis) as servers:
        _open_log(settings)
        with _looked_after(servers):
            yield settings.model_copy(
                update={
                    "database_url": _secret(servers.database_url) or settings.database_url,
                    "redis_url": _secret(servers.redis_url) or settings.redis_url,
                }
            )


def environment(settings: Settings) -> dict[str, str]:
    """What the settings of a child process are read from."""
    ours = {
        "DATABASE_URL": settings.database_url and settings.database_url.get_secret_value(),
        "REDIS_URL": settings.redis_url and settings.redis_url.get_secret_value(),
        "CHATFLOW_DATA_DIR": settings.data_dir and str(settings.data_dir),
        "CHATFLOW_LOG_FILE": settings.log_file and str(settings.log_file),
        "CHATFLOW_PUBLIC_URL": settings.public_url,
    }
    return os.environ | {name: value for name, value in ours.items() if value}


@contextmanager
def _servers(settings: Settings, *, redis: bool) -> Iterator[Servers]:
    """Those that no URL names. Production brings its own."""
    postgres = settings.database_url is None
    redis = redis and settings.redis_url is None
    if settings.is_production or not (postgres or redis):
        yield Servers(None, None)
        return
    assert settings.data_dir
    with embedded_servers(settings.data_dir, postgres=postgres, redis=redis) as servers:
        yield servers


def _open_log(settings: Settings) -> None:
    try:
        if settings.log_file:
            settings.log_file.parent.mkdir(parents=True, exist_ok=True)
        configure_logs(settings)
    except OSError as error:
        raise CannotStart(f"Cannot write the log {settings.log_file}: {error.strerror}.") from error


def _secret(url: str | None) -> SecretStr | None:
    return SecretStr(url) if url else None


@contextmanager
def _looked_after(servers: Servers) -> Iterator[None]:
    """What is killed comes back. In a thread, since it may take seconds."""
    is_over = threading.Event()

    def look_after() -> None:
        told = ""
        while not is_over.wait(_REVIVE_EVERY_SECONDS):
            complaint = _revive(servers)
            if complaint not in ("", told):
                logger.error("servers.cannot_start", error=complaint)
            told = complaint

    thread = threading.Thread(target=look_after)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        # Or it would start anew what we stop next.
        thread.join()


def _revive(servers: Servers) -> str:
    """Answers why it could not be done. The lines after the first are in the server's own log."""
    try:
        servers.revive()
    except (CannotStart, OSError) as error:
        return str(error).partition("\n")[0]
    return ""
