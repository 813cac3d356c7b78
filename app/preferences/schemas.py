"""Shapes of preferences on the wire."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated, Any

from fastapi import Query
from pydantic import BeforeValidator, ConfigDict, Field, StrictBool, with_config
from typing_extensions import TypedDict

from app.kit.clock import read_iso
from app.kit.text import refuse
from app.models import MUTED_FOREVER, NotificationLevel

FOREVER = "forever"


def _muted_until(value: Any) -> datetime | None:
    if value is None:
        return None
    if not isinstance(value, str):
        refuse("not_a_string", "must be a string")
    if value == FOREVER:
        return MUTED_FOREVER
    try:
        return read_iso(value)
    except ValueError:
        refuse("invalid", f"must be an ISO 8601 time or {FOREVER}")


MutedUntil = Annotated[
    datetime | None,
    BeforeValidator(_muted_until, json_schema_input_type=str | None),
    Field(description=f"An ISO 8601 time, or `{FOREVER}`; null, or the past, ends it"),
]


@with_config(
    ConfigDict(json_schema_extra={"example": {"muted_until": "forever", "favourite": True}})
)
class PreferencesEdit(TypedDict, total=False):
    """What is named is changed. Nothing has a default that a client could send unawares."""

    muted_until: MutedUntil
    archived: StrictBool
    favourite: StrictBool
    notifications: NotificationLevel


class PreferencesOut(TypedDict):
    """One's own, which nobody else sees. `notifications` is `all`, `mentions` or `nothing`.

    `muted_until` is a time, or `forever`; null when it is not muted, or not any more.
    """

    muted_until: str | None
    archived: bool
    favourite: bool
    notifications: str


@dataclass(frozen=True, slots=True)
class PreferencesFilter:
    """Which of one's conversations are wanted: whatever is not named makes no difference."""

    archived: bool | None = None
    favourite: bool | None = None

    def query(self) -> dict[str, str]:
        """What a link repeats."""
        named = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: str(value).lower() for name, value in named.items()}


_Only = Annotated[bool | None, Query(description="Only these, or only the others")]


# A class, or whatever else is not a coroutine, the framework would call in a thread: 100 us.
async def read_filter(archived: _Only = None, favourite: _Only = None) -> PreferencesFilter:
    return PreferencesFilter(archived, favourite)
