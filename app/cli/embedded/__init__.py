"""The private Postgres and Valkey that serve when no URL is given.

They belong to a data folder. Whoever uses them holds a lock, which the kernel drops if they are
killed; the last one out stops the servers, and the next one in finds what was left running.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.cli.embedded.binaries import find_valkey
from app.cli.embedded.errors import CannotStart
from app.cli.embedded.home import default_data_dir, open_home
from app.cli.embedded.postgres import Postgres
from app.cli.embedded.sharing import Share
from app.cli.embedded.valkey import Valkey

__all__ = ["CannotStart", "Servers", "default_data_dir", "embedded_servers"]


def _nothing_to_revive() -> None: ...


@dataclass(frozen=True)
class Servers:
    """Shape: SQLAlchemy's URL with asyncpg, redis-py's URL; None for a server that is not run here.

    `revive()` brings back what was killed. Call it about once a second, outside an event loop: it
    takes 0.1 ms when all is well, seconds when a server must start, and raises CannotStart.
    """

    database_url: str | None
    redis_url: str | None
    revive: Callable[[], None] = field(default=_nothing_to_revive, repr=False, compare=False)


@contextmanager
def embedded_servers(
    data_dir: Path, *, postgres: bool = True, redis: bool = True, durable: bool = True
) -> Iterator[Servers]:
    """Start or join the servers of a data folder, and leave them at the end.

    Without `durable` a crash of the machine may cost the data: for tests. Whoever starts Postgres
    decides, who joins takes it as it is.
    Raises: CannotStart
    """
    home = open_home(data_dir)
    database, cache = Postgres(home, durable=durable), Valkey(home)
    redis = redis and find_valkey() is not None
    wanted = [server for server, is_on in ((database, postgres), (cache, redis)) if is_on]
    share = Share(home, wanted=wanted, everything=[database, cache])
    with share.joined():
        yield Servers(
            database_url=database.url if postgres else None,
            redis_url=cache.url if redis else None,
            revive=share.revive,
        )
