"""Server-Sent Events. Source: the HTML standard, section "Server-sent events"."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.kit.errors import ChatFlowError
from app.kit.events import Envelope
from app.kit.http import log_unexpected
from app.kit.settings import Settings
from app.realtime import closing
from app.realtime.closing import Farewell
from app.realtime.feed.accept import EVENT_STREAM
from app.realtime.feed.line import gone, line_of
from app.realtime.feed.outbox import StreamOutbox
from app.realtime.feed.reader import Feed, Hold
from app.realtime.feed.working import working
from app.realtime.frames import Frame
from app.realtime.shapes import show_event

# Long enough for a last event to leave, short enough not to hold up a server that is going.
_FAREWELL_SECONDS = 1
HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "Vary": "Accept, Cookie, Authorization",
}


def _encode(envelope: Envelope, epoch: str) -> Frame:
    return Frame(_show(envelope.name, show_event(envelope)))


class EventStream(Response):
    """A reader of a feed, until it ends or the client leaves."""

    media_type = EVENT_STREAM

    def __init__(self, feed: Feed, hold: Hold, settings: Settings) -> None:
        self.status_code, self.background = 200, None
        self.init_headers(HEADERS | {"X-Accel-Buffering": "no"})
        self._feed, self._hold = feed, hold
        self._outbox = StreamOutbox(settings.outbox_max_bytes, settings.stream_comment_seconds)
        self._cursor: str | None = None
        self._has_ended = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._hold(self.end):
            async with self._feed.following(self):
                await send(
                    {
                        "type": "http.response.start",
                        "status": self.status_code,
                        "headers": self.raw_headers,
                    }
                )
                await self._flow(scope, receive, send)

    async def _flow(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with working(self._outbox.write(send), gone(scope, receive), self._resume()) as (
            writing,
            leaving,
            _,
        ):
            until = (writing, leaving, self._outbox.overflown)
            await asyncio.wait(until, return_when=asyncio.FIRST_COMPLETED)
            if writing.done():
                with suppress(OSError):  # The client has gone.
                    writing.result()
            elif not leaving.done() and (line := line_of(scope)) is not None:
                # The server would wait until a client that does not read has read everything.
                await line.abort()

    async def _resume(self) -> None:
        try:
            await self._feed.resume(self)
        except ChatFlowError as error:
            self.end(closing.for_error(error))
        except Exception as error:
            log_unexpected(error)
            self.end(closing.for_error(ChatFlowError()))

    # What the feed tells.

    encode = staticmethod(_encode)

    def welcome(self, news: Mapping[str, Any], at: str | None) -> None:
        self._say(news, at)

    def hear(self, frame: Frame) -> None:
        """What is ephemeral does not move the cursor, and has no id."""
        cursor = self._feed.cursor
        self._put(frame.payload, None if cursor == self._cursor else cursor)

    def begin_anew(self, news: Mapping[str, Any]) -> None:
        self._say(news, self._feed.cursor)

    lose = begin_anew

    def end(self, farewell: Farewell) -> None:
        """The first farewell is the one that counts."""
        if self._has_ended:
            return
        self._has_ended = True
        self._outbox.put(_show_farewell(farewell))
        self._outbox.close()
        asyncio.get_running_loop().call_later(_FAREWELL_SECONDS, self._outbox.throw_away)

    async def drained(self) -> None:
        await self._outbox.drained()

    def _say(self, news: Mapping[str, Any], cursor: str | None) -> None:
        self._put(_show(news["type"], orjson.dumps(news).decode()).encode(), cursor)

    def _put(self, event: bytes, cursor: str | None) -> None:
        self._cursor = cursor or self._cursor
        self._outbox.put(f"id: {cursor}\n".encode() + event if cursor else event)


def _show(name: str, data: str) -> str:
    return f"event: {name}\ndata: {data}\n\n"


def _show_farewell(farewell: Farewell) -> bytes:
    """Shape: {"type": "goodbye", "code": text, "come_back": bool}; `retry:` before a restart."""
    code, _, milliseconds = farewell.reason.partition(" retry_after_ms=")
    goodbye = {"type": "goodbye", "code": code, "come_back": farewell.come_back}
    retry = f"retry: {milliseconds}\n" if milliseconds else ""
    return (retry + _show("goodbye", orjson.dumps(goodbye).decode())).encode()
