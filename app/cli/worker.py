"""One worker process: serves on a socket that its parent has opened.

It beats once a second, from its event loop, on a line to its parent; when the parent is gone, so
is the line, and the worker leaves.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import threading
import time

import structlog
import uvicorn

from app.kit.logs import configure_logs
from app.kit.settings import Settings
from app.realtime.feed.line import ChatFlowHTTP
from app.realtime.wire import ChatFlowProtocol

logger = structlog.get_logger()

_BEAT_EVERY_SECONDS = 1
# Most proxies close a connection that was idle for a minute. They must be the first to: otherwise
# they send a request into one that we have just closed.
_KEEP_ALIVE_SECONDS = 65
_PONG_SECONDS = 15
# For requests that come while we leave and, meanwhile, for clients to leave one after another;
# then for answers that take long. Together below what the parent waits.
_LAST_REQUESTS_SECONDS = 1
_DRAIN_MAX_SECONDS = 3
_LAST_ANSWERS_SECONDS = 3
# As long as a parent would wait.
_ORPHAN_LEAVES_SECONDS = 7


class Worker(uvicorn.Server):
    """uvicorn, with a heart."""

    def __init__(self, config: uvicorn.Config, line: socket.socket) -> None:
        super().__init__(config)
        self._line = line

    async def main_loop(self) -> None:
        """Begins when we serve, so the first beat says that we have started."""
        _spare_the_collector()
        logger.info("worker.started")
        heart = asyncio.create_task(self._beat())
        await super().main_loop()
        heart.cancel()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """First answer what is still on its way to us, and let live clients leave spread out.

        uvicorn alone closes what looks idle: a request that has just been sent would be lost. And
        whom it sends away all at once comes back all at once.
        """
        logger.info("worker.leaving")
        for server in self.servers:
            server.close()
        self.server_state.default_headers.append((b"connection", b"close"))
        last_requests_seconds = _LAST_REQUESTS_SECONDS if self.server_state.connections else 0
        await asyncio.gather(asyncio.sleep(last_requests_seconds), self._drain())
        await super().shutdown(sockets)

    async def _drain(self) -> None:
        house = self.lifespan.state
        await house["connections"].drain(min(house["settings"].drain_seconds, _DRAIN_MAX_SECONDS))

    async def _beat(self) -> None:
        while not self.lifespan.error_occurred:
            # A parent that is stopped does not read: then the line is full, and holds enough beats.
            with contextlib.suppress(OSError):
                self._line.send(b".", socket.MSG_DONTWAIT)
            await asyncio.sleep(_BEAT_EVERY_SECONDS)
        # What lives as long as the process has died: whoever replaces us begins with a new one.
        self.should_exit = True


def _spare_the_collector() -> None:
    """What a start leaves behind stays for good, and need not be walked again and again.

    It made one request in a hundred wait 120 ms instead of 35, and all of them dearer by a fifth
    (measured). A request makes thousands of objects: at 700, Python's own threshold, each would
    be interrupted several times.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def run(door: socket.socket, line: socket.socket) -> None:
    threading.Thread(target=_leave_with_the_parent, args=[line], daemon=True).start()
    settings = Settings()
    configure_logs(settings)
    try:
        Worker(_config(settings), line).run(sockets=[door])
    except Exception:
        logger.exception("worker.failed")
        sys.exit(1)


def _config(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "app.main:create_app",
        factory=True,
        lifespan="on",
        loop="uvloop",
        http=ChatFlowHTTP,
        ws=ChatFlowProtocol,
        ws_max_size=settings.frame_max_bytes,
        ws_per_message_deflate=False,
        ws_ping_interval=settings.heartbeat_seconds,
        ws_ping_timeout=_PONG_SECONDS,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_LAST_ANSWERS_SECONDS,
        proxy_headers=False,  # Ours are in kit/middleware/forwarded.py.
        server_header=False,
        access_log=False,
        log_config=None,
    )


def _leave_with_the_parent(line: socket.socket) -> None:
    line.recv(1)  # The parent never says anything: this ends when it is gone.
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_ORPHAN_LEAVES_SECONDS)
    os._exit(1)


if __name__ == "__main__":
    run(*(socket.socket(fileno=int(number)) for number in sys.argv[1:3]))
