"""What has come from one client, for the application to receive."""

from asyncio import Future, get_running_loop
from typing import Any


class Inbox:
    """What is needed of an `asyncio.Queue`, for one reader, without its 2.5 KB of deques."""

    __slots__ = ("_coming", "_ready", "_waiting")

    def __init__(self) -> None:
        self._coming: list[Any] = []
        self._ready: list[Any] = []  # The next one is last.
        self._waiting: Future[None] | None = None

    def put_nowait(self, item: Any) -> None:
        self._coming.append(item)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def get(self) -> Any:
        while self.empty():
            self._waiting = get_running_loop().create_future()
            await self._waiting
        if not self._ready:
            self._ready, self._coming = self._coming[::-1], []
        return self._ready.pop()

    def empty(self) -> bool:
        return not self._ready and not self._coming
