"""Redis for those who can do without it: asked for half a second, then not for a whole one."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from app.kit.errors import Unavailable
from app.kit.logs import brief

logger = structlog.get_logger()

# On a connection that breaks at the wrong moment redis-py lets through what uvloop (RuntimeError)
# and Python (AttributeError) say to that.
_AWAY = (RedisError, OSError, RuntimeError, AttributeError)

_TIMEOUT_SECONDS = 0.5
_AWAY_SECONDS = 1
_CONNECTIONS_MAX = 10


def connect(url: str, *, decode_responses: bool = False) -> Redis:
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=_CONNECTIONS_MAX,
        timeout=_TIMEOUT_SECONDS,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        decode_responses=decode_responses,
    )
    return Redis.from_pool(pool)


class Reach:
    """Whether it can be reached. `event` is what the log says when it cannot."""

    def __init__(self, event: str) -> None:
        self._event = event
        self._away_until = 0.0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        """Raises: Unavailable; and for a while again, without asking."""
        if time.monotonic() < self._away_until:
            raise Unavailable
        try:
            yield
        except _AWAY as error:
            self._away_until = time.monotonic() + _AWAY_SECONDS
            logger.warning(self._event, error=brief(error))
            raise Unavailable from error
