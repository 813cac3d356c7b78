"""The time, and times as ChatFlow writes them."""

import time
from datetime import UTC, datetime

ISO_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def unix_seconds() -> float:
    """Now. What needs the hour and not only an order asks here, and a test can answer."""
    return time.time()


def iso(moment: datetime) -> str:
    """Units: UTC, ISO 8601, six fractional digits, `Z`."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
