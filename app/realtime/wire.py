"""The WebSocket protocol class that uvicorn runs for us: prepared frames, goodbye, and abort.

What it adds to uvicorn's own, because of what was measured there: a client that stops reading was
still connected after 100 seconds, since the keepalive's close waits for the buffer to drain; and
a frame made for each listener costs twice what writing the same bytes to all of them costs.
"""

from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.http11 import Request
from websockets.protocol import State

from app.realtime.closing import Farewell, restart

EXTENSION = "chatflow.wire"
# Long enough for a last frame to leave, short enough not to hold up a server that is going.
_FAREWELL_SECONDS = 1


class ChatFlowProtocol(WebSocketsSansIOProtocol):
    """For uvicorn's `ws=`. The scope's extensions carry a `Wire` to the application."""

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # There is none when the handshake was refused.
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = Wire(self)

    def keepalive_timeout(self) -> None:
        """Who does not answer a ping does not read a close frame either."""
        self.stop_keepalive()
        self.transport.abort()

    def say_goodbye(self, farewell: Farewell) -> None:
        """Send the close frame and tell the application; who does not hear it is aborted."""
        if self.close_sent or self.conn.state is not State.OPEN:
            return
        self.stop_keepalive()
        self.conn.send_close(farewell.code, farewell.reason)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": farewell.code})
        if self.read_paused:  # The other side's close frame is to be read.
            self.read_paused = False
            self.transport.resume_reading()
        self.close_timer = self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def shutdown(self) -> None:
        """The server leaves."""
        if self.handshake_complete:
            self.say_goodbye(restart(self.app_state["settings"].drain_seconds))
        else:
            super().shutdown()


class Wire:
    """What the application may do with a connection below ASGI."""

    def __init__(self, protocol: ChatFlowProtocol) -> None:
        self._protocol = protocol

    def write(self, frame: bytes) -> None:
        """Append a prepared frame to the transport's buffer. Never waits."""
        protocol = self._protocol
        if not protocol.close_sent and not protocol.transport.is_closing():
            protocol.transport.write(frame)

    def buffered_bytes(self) -> int:
        return self._protocol.transport.get_write_buffer_size()

    async def drained(self) -> None:
        """Until the buffer is short again, or the connection gone."""
        await self._protocol.writable.wait()

    def close(self, farewell: Farewell) -> None:
        self._protocol.say_goodbye(farewell)

    def abort(self) -> None:
        """Gone at once, with whatever was in the buffer."""
        self._protocol.transport.abort()
