"""One JSON line an event: ours, and those of the libraries that use Python's own logging."""

import logging
import os
import re
import sys
import traceback
from collections.abc import Iterator
from typing import IO

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

from app.kit.settings import Settings

# At the level INFO uvicorn tells of each request and each WebSocket, with its query string, where a
# mailed link has its token; alembic of each look at the revision; and PgQueuer of each attempt, as
# we do ourselves.
_TALKATIVE = ("uvicorn.access", "uvicorn.error", "alembic", "pgqueuer")
_QUOTED_ARGUMENT = re.compile(r"(?<=invalid input for query argument) \$\d+: .*")


def configure_logs(settings: Settings) -> None:
    """Write to `log_file`, or to stderr where there is none. Call it once, when a process starts.

    Raises: OSError if the file cannot be opened.
    """
    file = settings.log_file.open("ab", buffering=0) if settings.log_file else sys.stderr.buffer
    lines = _WholeLines(file)
    lines.setFormatter(_formatter())
    logging.basicConfig(handlers=[lines], level=logging.INFO, force=True)
    logging.captureWarnings(True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*_FACTS, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )


class _WholeLines(logging.Handler):
    """A line is one `write` to a file opened for append, so several processes can share it."""

    def __init__(self, file: IO[bytes]) -> None:
        super().__init__()
        self._file = file

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = f"{self.format(record)}\n".encode(errors="backslashreplace")
            os.write(self._file.fileno(), line)
        except Exception:
            self.handleError(record)


def _formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*_FACTS, _first_line],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.ExceptionRenderer(_tell),
            _in_order,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
    )


def _in_order(_logger: object, _method: str, event: EventDict) -> EventDict:
    head = {name: event.pop(name) for name in ("timestamp", "level", "event")}
    return {**head, "pid": os.getpid(), **event}


def _tell(exc_info: ExcInfo) -> str:
    return "\n".join(_chain(exc_info[1]))


def _chain(error: BaseException) -> Iterator[str]:
    """A traceback, with each error told in brief."""
    if earlier := error.__cause__ or (None if error.__suppress_context__ else error.__context__):
        yield from _chain(earlier)
        yield "Then:"
    yield "".join(traceback.format_tb(error.__traceback__)).rstrip()
    yield brief(error)
    for inner in getattr(error, "exceptions", ()):
        yield "Inside:"
        yield from _chain(inner)


def brief(error: BaseException) -> str:
    """An error for the log, without the values that it is about.

    In the messages of Postgres and SQLAlchemy they follow after the first line: what people wrote,
    and their passwords. asyncpg quotes what it cannot send, and the `repr` of a text that cannot be
    encoded is the whole text.
    """
    line = str(error).partition("\n")[0]
    return f"{type(error).__qualname__}: {_QUOTED_ARGUMENT.sub('', line)}"


def _first_line(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Of what libraries say: asyncio shows a lost error in the next one, with all its values."""
    return {**event, "event": str(event["event"]).partition("\n")[0]}


_FACTS: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]
