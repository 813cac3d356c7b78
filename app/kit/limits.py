"""How often something may be done: counted in Redis for all workers, here when Redis is away."""

import math
import time

import structlog
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter as Window
from limits.errors import StorageError
from redis.asyncio import Redis

from app.kit.errors import TooMany

logger = structlog.get_logger()

# A count that takes longer is made here instead: a limit must not be what slows everything down.
_REDIS_TIMEOUT_SECONDS = 0.5


class Limits:
    """Moving windows. A hit is counted when it is allowed; twenty at once are twenty hits."""

    def __init__(self, redis_url: str | None, prefix: str, enabled: bool) -> None:
        self._enabled = enabled
        self._here = Window(MemoryStorage())
        self._redis = _redis(redis_url) if redis_url else None
        self._shared = _shared_window(self._redis, prefix) if self._redis else None

    async def check(self, rate: str, *key: str) -> None:
        """Count one. `rate` is such as `30/minute`.

        Raises: TooMany, with `Retry-After` and the headers of draft-ietf-httpapi-ratelimit-headers.
        """
        if self._enabled and not await self.allows(rate, *key):
            raise await self._too_many(parse(rate), key)

    async def allows(self, rate: str, *key: str) -> bool:
        """Count one, and say whether it is within the rate. Never raises."""
        item = parse(rate)
        if self._shared is not None:
            try:
                return await self._shared.hit(item, *key)
            except StorageError as error:
                logger.warning("limits.redis_away", error=repr(error))
        return await self._here.hit(item, *key)

    async def forget(self, rate: str, *key: str) -> None:
        """As if nothing had been counted."""
        item = parse(rate)
        await self._here.clear(item, *key)
        if self._shared is not None:
            try:
                await self._shared.clear(item, *key)
            except StorageError as error:
                logger.warning("limits.redis_away", error=repr(error))

    async def aclose(self) -> None:
        if self._redis is not None:
            await self._redis.aclose()

    async def _too_many(self, item: RateLimitItem, key: tuple[str, ...]) -> TooMany:
        try:
            window = self._shared or self._here
            reset_at = (await window.get_window_stats(item, *key)).reset_time
        except StorageError:
            reset_at = (await self._here.get_window_stats(item, *key)).reset_time
        seconds = max(1, math.ceil(reset_at - time.time()))
        return TooMany(
            headers={
                "Retry-After": str(seconds),
                "RateLimit": f'"{key[0]}";r=0;t={seconds}',
                "RateLimit-Policy": f'"{key[0]}";q={item.amount};w={item.get_expiry()}',
            }
        )


def _redis(url: str) -> Redis:
    return Redis.from_url(
        url,
        socket_timeout=_REDIS_TIMEOUT_SECONDS,
        socket_connect_timeout=_REDIS_TIMEOUT_SECONDS,
    )


def _shared_window(redis: Redis, prefix: str) -> Window:
    storage = RedisStorage(
        "async+redis://",  # Only its kind is read: the connections are ours.
        implementation="redispy",
        wrap_exceptions=True,
        key_prefix=prefix + "limits",
        connection_pool=redis.connection_pool,  # type: ignore[arg-type]
    )
    return Window(storage)


class Budget:
    """How much one connection may send, counted in its own process.

    Units: `amount` in any stretch of `seconds`.
    """

    __slots__ = ("_amount", "_seconds", "_spent")

    def __init__(self, amount: int, seconds: float) -> None:
        self._amount = amount
        self._seconds = seconds
        # A list: every connection has its budgets, and an empty deque takes 760 bytes.
        self._spent: list[float] = []

    def spend(self) -> bool:
        """Answers whether there was something left."""
        now = time.monotonic()
        while self._spent and now - self._spent[0] >= self._seconds:
            del self._spent[0]
        if len(self._spent) >= self._amount:
            return False
        self._spent.append(now)
        return True

    def refund(self) -> None:
        """What was spent last turned out to be free."""
        if self._spent:
            self._spent.pop()
