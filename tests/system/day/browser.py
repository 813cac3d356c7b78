"""A browser: Server-Sent Events of everything, gone on with by their last id."""

from tests.realtime.feed.streams import Sent, Stream, open_stream
from tests.system.day.devices import LiveDevice, SignedOut


class Browser(LiveDevice):
    _last_id: str | None = None

    async def _listen_once(self) -> None:
        headers = {"last_event_id": self._last_id} if self._last_id else {}
        async with open_stream(self.house, self.person, "/events", **headers) as stream:
            if stream.answer.status_code == 401:
                raise SignedOut
            if stream.answer.status_code == 200:
                await self._read(stream)

    async def _read(self, stream: Stream) -> None:
        """A stream that ends properly says goodbye first."""
        while (sent := await stream.next()).event != "goodbye":
            if sent.event == "welcome":
                await self._begin()
            elif sent.data is not None:
                await self._take(sent)
            self._last_id = stream.last_id or self._last_id

    async def _begin(self) -> None:
        if not self.has_started.is_set():
            await self.start()

    async def _take(self, sent: Sent) -> None:
        assert sent.data is not None
        await self.hear(sent.data)
