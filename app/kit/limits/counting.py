"""Who counts: Redis for all workers, this process when Redis is away or would cost too much."""

from contextlib import suppress

from app.kit.errors import Unavailable
from app.kit.limits.here import Here
from app.kit.limits.limit import Exceeded, Limit
from app.kit.limits.shared import Shared
from app.kit.settings import Settings


class Limits:
    """Count before the work is done: then twenty at once are twenty.

    What Redis has allowed is counted here as well, so that its death gives nobody a fresh start.
    """

    def __init__(self, settings: Settings) -> None:
        self._enabled = settings.rate_limits
        self._here = Here()
        self._shared = _shared(settings)

    async def check(self, *limits: Limit) -> None:
        """Count one against each. Raises: Exceeded"""
        if exceeded := await self.count(*limits):
            raise await self.refusal(*exceeded)

    async def count(self, *limits: Limit) -> tuple[Limit, ...]:
        """Count one against each. Answers those that are exceeded. Never raises."""
        if not self._enabled:
            return ()
        are_allowed = [await self.allows(limit) for limit in limits]
        return tuple(
            limit for limit, allowed in zip(limits, are_allowed, strict=True) if not allowed
        )

    async def allows(self, limit: Limit) -> bool:
        """Count one, and say whether it is within the rate; also where limits are off."""
        if self._shared is not None:
            with suppress(Unavailable):
                is_allowed = await self._shared.hit(limit)
                if is_allowed:
                    self._here.hit(limit)
                return is_allowed
        return self._here.hit(limit)

    async def refusal(self, *exceeded: Limit) -> Exceeded:
        """For callers who have a say in it themselves."""
        return Exceeded(exceeded, [await self._wait_seconds(limit) for limit in exceeded])

    async def forget(self, *limits: Limit) -> None:
        """They begin anew. Here that is forgotten in this process, and in Redis for all."""
        for limit in limits:
            self._here.forget(limit)
            if self._shared is not None:
                with suppress(Unavailable):
                    await self._shared.forget(limit)

    def check_here(self, limit: Limit) -> None:
        """Count one in this process alone. With several, somebody has as much in each of them.

        Raises: Exceeded
        """
        if self._enabled and not self._here.hit(limit):
            raise Exceeded([limit], [self._here.wait_seconds(limit)])

    async def _wait_seconds(self, limit: Limit) -> float:
        if self._shared is not None:
            with suppress(Unavailable):
                return await self._shared.wait_seconds(limit)
        return self._here.wait_seconds(limit)

    async def aclose(self) -> None:
        if self._shared is not None:
            await self._shared.aclose()


def _shared(settings: Settings) -> Shared | None:
    if settings.redis_url is None:
        return None
    secret = settings.secret_keys[0].get_secret_value()
    return Shared(settings.redis_url.get_secret_value(), settings.redis_prefix, secret)
