"""What waits to be sent on a stream, within bounds. Putting something in never waits."""

import asyncio
from collections import deque

from starlette.types import Send

# What is handed to the server at once, and below which a long replay goes on.
_PORTION_BYTES = 64 * 1024
_COMMENT = b":\n\n"


class StreamOutbox:
    def __init__(self, max_bytes: int, comment_seconds: float) -> None:
        self._max_bytes, self._comment_seconds = max_bytes, comment_seconds
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._has_more = asyncio.Event()
        self._is_short = asyncio.Event()
        self._is_short.set()
        self._is_closed = False
        self._overflown = asyncio.get_running_loop().create_future()

    @property
    def overflown(self) -> "asyncio.Future[None]":
        """Done when the client is not to be waited for any longer."""
        return self._overflown

    def put(self, chunk: bytes) -> None:
        if self._is_closed:
            return
        self._waiting.append(chunk)
        self._waiting_bytes += len(chunk)
        self._has_more.set()
        if self._waiting_bytes > _PORTION_BYTES:
            self._is_short.clear()
        if self._waiting_bytes > self._max_bytes:
            self.throw_away()

    def close(self) -> None:
        """Nothing more comes in."""
        self._is_closed = True
        self._has_more.set()

    def throw_away(self) -> None:
        """This client does not read."""
        self.close()
        self._waiting.clear()
        self._is_short.set()
        if not self._overflown.done():
            self._overflown.set_result(None)

    async def drained(self) -> None:
        await self._is_short.wait()

    async def write(self, send: Send) -> None:
        """Until it is closed and everything has been sent. After a silence, a comment."""
        while not self._is_closed or self._waiting:
            if not self._waiting:
                await self._more_or_silence()
            if self._waiting:
                await send(_body(self._take(), more=True))
        await send(_body(b"", more=False))

    async def _more_or_silence(self) -> None:
        self._has_more.clear()
        try:
            async with asyncio.timeout(self._comment_seconds):
                await self._has_more.wait()
        except TimeoutError:
            self.put(_COMMENT)

    def _take(self) -> bytes:
        """What came in one turn goes out together."""
        taken = []
        size = 0
        while self._waiting and size < _PORTION_BYTES:
            taken.append(self._waiting.popleft())
            size += len(taken[-1])
        self._waiting_bytes -= size
        if self._waiting_bytes <= _PORTION_BYTES:
            self._is_short.set()
        return b"".join(taken)


def _body(chunk: bytes, *, more: bool) -> dict[str, object]:
    return {"type": "http.response.body", "body": chunk, "more_body": more}
