"""The listening socket that all workers share."""

import socket
from typing import Any

from app.cli.embedded import CannotStart

_BACKLOG = 2048
# A client that vanished is noticed after this long, rather than after a quarter of an hour.
_UNACKNOWLEDGED_SECONDS = 15
# The kernel otherwise takes 2 to 4 MB for a client that has stopped reading, before our outbox
# sees any of it (measured).
_SEND_BUFFER_BYTES = 128 * 1024


def open_door(host: str, port: int) -> socket.socket:
    """Listens at once: who comes while the servers still start waits, and is not refused.

    Raises: CannotStart
    """
    try:
        family, kind, protocol, _, address = _resolve(host, port)
        door = socket.socket(family, kind, protocol)
        try:
            _prepare(door)
            door.bind(address)
            door.listen(_BACKLOG)
        except BaseException:
            door.close()
            raise
    except OSError as error:
        raise CannotStart(f"Cannot listen on {host}, port {port}: {error.strerror}.") from error
    return door


def _resolve(host: str, port: int) -> tuple[Any, ...]:
    """Of the two addresses of `localhost`, the one that every machine has.

    Shape: as of `getaddrinfo`.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return min(found, key=lambda each: each[0] != socket.AF_INET)


def _prepare(door: socket.socket) -> None:
    # Every connection inherits these from the listening socket.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux.
        milliseconds = _UNACKNOWLEDGED_SECONDS * 1000
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
