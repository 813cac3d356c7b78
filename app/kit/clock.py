"""The time, and times as ChatFlow writes them."""

import time
from datetime import UTC, datetime

ISO_FORMAT = "%Y-%m-%dT%H:%M:%S.%fZ"


def unix_seconds() -> float:
    """Now. What needs the hour and not only an order asks here, and a test can answer."""
    return time.time()


def read_iso(text: str) -> datetime:
    """ISO 8601, UTC unless it says otherwise.

    Raises: ValueError, also within a day of the ends of what can be said: a tick more still can.
    """
    if "\0" in text:  # Python stops reading there.
        raise ValueError
    moment = datetime.fromisoformat(text)
    moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
    if not 1 < moment.year < 9999:
        raise ValueError
    return moment.astimezone(UTC)


def iso(moment: datetime) -> str:
    """Units: UTC, ISO 8601, six fractional digits, `Z`."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def iso_in_sql(column: str) -> str:
    """The same where Postgres writes it. The colons are quoted: they are no parameters."""
    return f"""to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24":"MI":"SS.US"Z"')"""
