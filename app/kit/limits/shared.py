"""Counting in Redis, for all workers: moving windows, each hit by one script."""

import hashlib
import time

from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis

from app.kit.limits.limit import Limit
from app.kit.redis import Reach, connect


class Shared:
    """Raises: Unavailable, from all its methods."""

    def __init__(self, url: str, prefix: str, secret: str) -> None:
        self._redis = connect(url)
        self._windows = _windows(self._redis, prefix + "limits")
        self._secret = hashlib.sha256(b"limits " + secret.encode()).digest()
        self._reaching = Reach("limits.redis_away")

    async def hit(self, limit: Limit) -> bool:
        """Count one, and say whether it is within the rate. What is refused is not counted."""
        with self._reaching():
            return await self._windows.hit(limit.item, limit.name, self._hide(limit.key))

    async def wait_seconds(self, limit: Limit) -> float:
        with self._reaching():
            key = self._hide(limit.key)
            stats = await self._windows.get_window_stats(limit.item, limit.name, key)
            return stats.reset_time - time.time()

    async def forget(self, limit: Limit) -> None:
        with self._reaching():
            await self._windows.clear(limit.item, limit.name, self._hide(limit.key))

    def _hide(self, key: str) -> str:
        """Who looks into Redis need not learn who signs in from where."""
        text = key.encode(errors="surrogatepass")
        return hashlib.blake2b(text, digest_size=16, key=self._secret).hexdigest()

    async def aclose(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()


def _windows(redis: Redis, prefix: str) -> MovingWindowRateLimiter:
    storage = RedisStorage(
        "async+redis://",  # Only its kind is read: the connections are ours.
        implementation="redispy",
        key_prefix=prefix,
        connection_pool=redis.connection_pool,  # type: ignore[arg-type]
    )
    return MovingWindowRateLimiter(storage)
