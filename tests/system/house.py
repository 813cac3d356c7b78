"""What stands below the stage: a folder, a Postgres, a Valkey, and the clock that they go by."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.embedded import Servers, embedded_servers
from tests.cli.running import place_for_data
from tests.system.clock import Clock, clock_for

_UNLIMITED = {"CHATFLOW_RATE_LIMITS": "false", "CHATFLOW_TYPING_RATE": "1000/second"}


@dataclass(frozen=True)
class House:
    """`clock` is None where it cannot be made to jump."""

    place: Path
    servers: Servers
    clock: Clock | None

    @property
    def valkey_socket(self) -> Path:
        assert self.servers.redis_url is not None
        return Path(self.servers.redis_url.removeprefix("unix://"))

    def environment(self, redis_url: str) -> dict[str, str]:
        """Of a server that reaches Valkey at this address."""
        urls = {"DATABASE_URL": self.servers.database_url or "", "REDIS_URL": redis_url}
        return urls | _UNLIMITED | (self.clock.environment if self.clock else {})


@contextmanager
def open_house() -> Iterator[House]:
    """Durable: a Postgres that is killed must not forget what it has acknowledged."""
    with (
        place_for_data() as place,
        clock_for(place) as clock,
        embedded_servers(place / "servers") as servers,
    ):
        yield House(place, servers, clock)
