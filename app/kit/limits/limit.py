"""A limit, and how somebody is told that they have exceeded it."""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from limits import RateLimitItem, parse

from app.kit.errors import TooMany


class Limit(NamedTuple):
    """So many for each key.

    Shape: `name` is shown to clients; `rate` is such as `30/minute`; `key` may hold anything.
    """

    name: str
    rate: str
    key: str

    @property
    def item(self) -> RateLimitItem:
        return _parse(self.rate)

    @property
    def amount(self) -> int:
        return _parse(self.rate).amount

    @property
    def seconds(self) -> int:
        return _parse(self.rate).get_expiry()


# Rates are few: they stand in the settings.
_parse = lru_cache(parse)


class Exceeded(TooMany):
    """`limits` are those that are exceeded. The one that lasts longest is told.

    Source: draft-ietf-httpapi-ratelimit-headers
    """

    def __init__(self, limits: Sequence[Limit], waits_seconds: Sequence[float]) -> None:
        self.limits = tuple(limits)
        wait_seconds, limit = max(zip(waits_seconds, limits, strict=True))
        wait = max(1, math.ceil(wait_seconds))
        super().__init__(
            headers={
                "Retry-After": str(wait),
                "RateLimit": f'"{limit.name}";r=0;t={wait}',
                "RateLimit-Policy": f'"{limit.name}";q={limit.amount};w={limit.seconds}',
            }
        )
