"""Shapes of presence on the wire."""

from enum import StrEnum
from typing import Literal

from pydantic import BaseModel
from typing_extensions import TypedDict


class Status(StrEnum):
    """Away is who is connected, but not looking, on any device."""

    ONLINE = "online"
    AWAY = "away"
    OFFLINE = "offline"


class DeviceStatus(BaseModel):
    """What a device says of whoever sits before it."""

    status: Literal[Status.ONLINE, Status.AWAY]


class PresenceOut(TypedDict):
    """Somebody, as the others see them; who hides is always offline, and was never seen.

    `last_seen_at` is null while they are here, and when it is not known.
    """

    user_id: int
    status: Status
    last_seen_at: str | None
