"""What all transports have in common."""

from collections.abc import AsyncGenerator, Callable
from typing import Any

import httpx
from websockets.exceptions import WebSocketException

from tests.system.people import Seat

Frame = dict[str, Any]
Transport = Callable[[Seat, str], AsyncGenerator[Frame]]

BREAKS = (OSError, TimeoutError, WebSocketException, httpx.TransportError)


class Goodbye(Exception):
    """The server's word when it ends, or does not begin: a close code, a status, or a reason."""

    def __init__(self, word: int | str) -> None:
        super().__init__(word)
        self.word = word


def since(cursor: str) -> str:
    return f"?since={cursor}" if cursor else ""
