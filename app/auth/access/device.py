"""From where somebody asks: for the list of their logins, and for what happened."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

_DEVICE_MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Device:
    """`address` is the client's, or its proxy's if that is not trusted; `name` its User-Agent."""

    address: str
    name: str | None


# What has no device of its own: a command, or a job.
NOWHERE = Device("local", None)


async def asked_from(connection: HTTPConnection) -> Device:
    address = connection.client.host if connection.client else "unknown"
    name = connection.headers.get("user-agent", "")
    shown = "".join(c if c.isprintable() else " " for c in name)[:_DEVICE_MAX_CHARACTERS].strip()
    return Device(address, shown or None)


AskedFrom = Annotated[Device, Depends(asked_from)]
