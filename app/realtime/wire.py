"""The WebSocket protocol class that uvicorn runs for us: prepared frames, budgets, and goodbye.

What it adds to uvicorn's own, because of what was measured there: a client that sends pings and
never reads made the server grow by 32 MB a second; one that stops reading was still connected
after 100 seconds, since the keepalive's close waits for the buffer to drain; and a frame made for
each listener costs twice what writing the same bytes to all of them costs.
"""

from asyncio import BaseTransport
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CTRL_OPCODES, Frame
from websockets.http11 import Request
from websockets.protocol import State

from app.kit.limits import Budget
from app.realtime.closing import TOO_LARGE, TOO_MANY, Farewell, restart

EXTENSION = "chatflow.wire"
# Long enough for a last frame to leave, short enough not to hold up a server that is going.
_FAREWELL_SECONDS = 1


class ChatFlowProtocol(WebSocketsSansIOProtocol):
    """For uvicorn's `ws=`. The scope's extensions carry a `Wire` to the application."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        settings = self.app_state["settings"]
        self.fragments_max = settings.socket_fragments_max
        self.control_frames = Budget(
            settings.socket_control_frames_max, settings.socket_messages_seconds
        )

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # There is none when the handshake was refused.
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = Wire(self)

    # Budgets. Messages are counted where they are read, in `Connection`.

    def handle_events(self) -> None:
        for event in self.conn.events:
            is_control = isinstance(event, Frame) and event.opcode in CTRL_OPCODES
            if is_control and not self.control_frames.spend():
                self.fail(TOO_MANY)
                return
        super().handle_events()

    def handle_cont(self, event: Frame) -> None:
        if len(self.frames) < self.fragments_max:
            super().handle_cont(event)
        else:
            self.fail(TOO_LARGE)

    def handle_ping(self) -> None:
        if not self.close_sent:
            super().handle_ping()

    # Goodbyes.

    def say_goodbye(self, farewell: Farewell) -> None:
        """Send the close frame and tell the application; who does not hear it is aborted."""
        if not self.close_sent and self.conn.state is State.OPEN:
            self.conn.send_close(farewell.code, farewell.reason)
            self.part(farewell.code)

    def fail(self, farewell: Farewell) -> None:
        """Goodbye to somebody who breaks the rules: whatever else they send is not read."""
        self.conn.fail(farewell.code, farewell.reason)
        self.handle_parser_exception()

    def handle_parser_exception(self) -> None:
        """The library has put a close frame in line, and throws away all that comes.

        What we leave unread would make the kernel reset the connection, and the client lose the
        close frame. So only our half of it is closed.
        """
        if self.conn.close_sent is None:  # They did not even wait for the end of the handshake.
            self.transport.abort()
        elif not self.close_sent:
            self.part(self.conn.close_sent.code)
            self.transport.write_eof()

    def part(self, code: int) -> None:
        self.stop_keepalive()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        if self.read_paused:  # The other side's close frame is to be read.
            self.read_paused = False
            self.transport.resume_reading()
        self.abort_soon()

    def abort_soon(self) -> None:
        self.close_timer = self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def handle_close(self, event: Frame) -> None:
        """Who says goodbye and does not read what is still on its way is not waited for."""
        super().handle_close(event)
        if self.close_timer is None:
            self.abort_soon()

    def keepalive_timeout(self) -> None:
        """Who does not answer a ping does not read a close frame either."""
        self.stop_keepalive()
        self.transport.abort()

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
