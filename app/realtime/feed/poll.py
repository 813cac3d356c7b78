"""The long-poll: an answer in JSON, at once or as soon as something happens."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.kit.errors import NotFound, Unauthenticated
from app.kit.events import Envelope
from app.kit.http import JSONResponse
from app.kit.settings import Settings
from app.realtime import closing
from app.realtime.closing import Farewell
from app.realtime.feed.line import gone
from app.realtime.feed.page import Page
from app.realtime.feed.reader import Feed, Hold
from app.realtime.feed.stream import HEADERS
from app.realtime.feed.working import working
from app.realtime.frames import Frame
from app.realtime.shapes import show_event

# A waiting request ends with the answer that it would get now; others end without news.
_REFUSALS = {closing.UNAUTHENTICATED: Unauthenticated, closing.ACCESS_TAKEN: NotFound}


def _encode(envelope: Envelope, epoch: str) -> Frame:
    return Frame(show_event(envelope))


class LongPoll(Response):
    """A reader of a feed, for one answer."""

    def __init__(self, feed: Feed, hold: Hold, settings: Settings, wait_seconds: float) -> None:
        self.status_code, self.background = 200, None
        self.init_headers(HEADERS)
        self._feed, self._hold = feed, hold
        self._wait_seconds = wait_seconds
        self._page = Page(settings.outbox_max_bytes)
        self._is_done = asyncio.Event()
        self._is_gone = False
        self._error: Exception | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._feed.read(self._page)
        if self._wait_seconds and not self._page.says_something:
            await self._wait(scope, receive)
        if self._is_gone:
            return
        await JSONResponse(self._page.to_bytes(), headers=HEADERS)(scope, receive, send)

    async def _wait(self, scope: Scope, receive: Receive) -> None:
        """Raises: as the feed, or what it would be answered now."""
        with self._hold(self.end):
            async with (
                self._feed.following(self),
                working(self._is_done.wait(), gone(scope, receive), self._resume()) as works,
            ):
                done, leaving, _ = works
                await asyncio.wait(
                    (done, leaving),
                    timeout=self._wait_seconds,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                self._is_gone = leaving.done()
        if self._error is not None:
            raise self._error

    async def _resume(self) -> None:
        try:
            await self._feed.resume(self)
        except Exception as error:
            self._fail(error)

    # What the feed tells.

    encode = staticmethod(_encode)

    def welcome(self, news: Mapping[str, Any], at: str | None) -> None:
        pass

    def hear(self, frame: Frame) -> None:
        self._add(frame.text)

    def begin_anew(self, news: Mapping[str, Any]) -> None:
        self._page.begins_anew = True
        self._page.places = self._feed.places
        self._is_done.set()

    def lose(self, news: Mapping[str, Any]) -> None:
        self._add(orjson.dumps(news).decode())

    def _add(self, event: str) -> None:
        if self._page.room:
            self._page.add(event)
            self._page.places = self._feed.places
            self._is_done.set()

    def end(self, farewell: Farewell) -> None:
        refusal = _REFUSALS.get(farewell)
        if refusal is not None:
            self._fail(refusal())
        self._is_done.set()

    def _fail(self, error: Exception) -> None:
        self._error = self._error or error
        self._is_done.set()

    async def drained(self) -> None:
        """Nothing waits here: what has no room comes with the next request."""
