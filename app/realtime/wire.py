"""The WebSocket protocol class that uvicorn runs for us: prepared frames, budgets, and goodbye.

What it adds to uvicorn's own, because of what was measured there: a client that sends pings and
never reads made the server grow by 32 MB a second; one that stops reading was still connected
after 100 seconds, since the keepalive's close waits for the buffer to drain; and a frame made for
each listener costs twice what writing the same bytes to all of them costs.
"""

from asyncio import BaseTransport
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import CTRL_OPCODES
from websockets.frames import Frame as AnyFrame
from websockets.http11 import Request
from websockets.protocol import State

from app.kit.limits import Budget
from app.realtime.closing import TOO_LARGE, TOO_MANY, Farewell, restart
from app.realtime.frames import Frame
from app.realtime.inbox import Inbox
from app.realtime.turn import turn_of

EXTENSION = "chatflow.wire"
# Long enough for a last frame to leave, short enough not to hold up a server that is going.
_FAREWELL_SECONDS = 1
# Enough for one write; far below what an outbox may hold.
_LITTLE_BYTES = 64 * 1024


class ChatFlowProtocol(WebSocketsSansIOProtocol):
    """For uvicorn's `ws=`. The scope's extensions carry a `Wire` to the application."""

    def connection_made(self, transport: BaseTransport) -> None:
        super().connection_made(transport)
        self.queue = Inbox()  # type: ignore[assignment]
        self.wire = Wire(self)
        settings = self.app_state["settings"]
        self.fragments_max = settings.socket_fragments_max
        self.control_frames = Budget(
            settings.socket_control_frames_max, settings.socket_messages_seconds
        )

    def handle_connect(self, event: Request) -> None:
        super().handle_connect(event)
        if hasattr(self, "scope"):  # There is none when the handshake was refused.
            extensions: dict[str, Any] = self.scope["extensions"]
            extensions[EXTENSION] = self.wire

    def pause_writing(self) -> None:
        """The transport's buffer has passed its mark: from now on its size is looked at."""
        super().pause_writing()
        self.wire.is_backed_up = True

    def resume_writing(self) -> None:
        super().resume_writing()
        self.wire.is_backed_up = False

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        self.wire.drop()

    def start_keepalive(self) -> None:
        """The handshake is over, and its headers need not be kept: 3 KB a connection (measured)."""
        del self.request, self.response
        super().start_keepalive()

    # Budgets. Messages are counted where they are read, in `Connection`.

    def handle_events(self) -> None:
        for event in self.conn.events:
            is_control = isinstance(event, AnyFrame) and event.opcode in CTRL_OPCODES
            if is_control and not self.control_frames.spend():
                self.fail(TOO_MANY)
                return
        super().handle_events()

    def handle_cont(self, event: AnyFrame) -> None:
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
        self.wire.finish()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True
        self.queue.put_nowait({"type": "websocket.disconnect", "code": code})
        if self.read_paused:  # The other side's close frame is to be read.
            self.read_paused = False
            self.transport.resume_reading()
        self.abort_soon()

    def abort_soon(self) -> None:
        self.close_timer = self.loop.call_later(_FAREWELL_SECONDS, self.transport.abort)

    def handle_close(self, event: AnyFrame) -> None:
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
        if not self.handshake_complete:
            super().shutdown()
        elif not self.close_sent:
            self.wire.on_leaving(restart(self.app_state["settings"].drain_seconds))


class Wire:
    """A client's outbox below ASGI: no task, and the same bytes for every listener.

    For each delivery this is all there is, and what it touches is seldom in the CPU's cache: a
    list for the frames of a turn, a size kept beside it and two questions to the transport took
    2 us of 9 (measured).
    """

    __slots__ = (
        "_bytes_max",
        "_first",
        "_is_over",
        "_more",
        "_protocol",
        "_transport",
        "_turn",
        "is_backed_up",
        "on_leaving",
        "sent_at",
    )

    def __init__(self, protocol: ChatFlowProtocol) -> None:
        self.sent_at = protocol.loop.time()
        self.on_leaving: Callable[[Farewell], None] = protocol.say_goodbye
        self.is_backed_up = False
        self._protocol = protocol
        self._transport = protocol.transport
        self._turn = turn_of(protocol.loop)
        self._bytes_max: int = protocol.app_state["settings"].outbox_max_bytes
        self._first: bytes | None = None
        self._more: list[bytes] | None = None
        self._is_over = False

    def put(self, frame: Frame) -> None:
        """For the end of this turn of the loop. Never waits."""
        if self._first is None:
            self._first = frame.wire
            turn = self._turn
            if not turn.senders:
                turn.begin()
            turn.senders.append(self)
        elif self._more is None:
            self._more = [frame.wire]
        else:
            self._more.append(frame.wire)

    def flush(self) -> None:
        """One write for all that waits. (uvloop makes a system call of each write.)"""
        data, self._first = self._first, None
        if data is None or self._is_over:
            return
        if self._more is not None:
            data, self._more = b"".join((data, *self._more)), None
        self._transport.write(data)
        if self.is_backed_up and self._transport.get_write_buffer_size() > self._bytes_max:
            self._transport.abort()

    async def drained(self) -> None:
        """Until little waits, here and in the transport, or the connection is gone."""
        if self._more is not None and sum(map(len, self._more)) > _LITTLE_BYTES:
            self.flush()
        await self._protocol.writable.wait()

    def close(self, farewell: Farewell) -> None:
        self._protocol.say_goodbye(farewell)

    def finish(self) -> None:
        """What was put in goes out before a goodbye, and nothing after it."""
        self.flush()
        self._is_over = True

    def drop(self) -> None:
        """There is nobody any more."""
        self._is_over = True
