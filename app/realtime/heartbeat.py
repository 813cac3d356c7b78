"""After a silence, a frame that a page can see: the browser shows it no pings."""

import asyncio
from typing import Any

import orjson

from app.realtime.channel import Subscription
from app.realtime.connection import Connection
from app.realtime.frames import Frame


class Heartbeat:
    def __init__(self, connection: Connection, subscription: Subscription, settings: Any) -> None:
        self._connection = connection
        self._subscription = subscription
        self._seconds = settings.heartbeat_seconds
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_later(self._seconds, self._beat)

    def _beat(self) -> None:
        quiet_seconds = self._loop.time() - self._connection.sent_at
        if quiet_seconds >= self._seconds:
            heartbeat = {"type": "heartbeat", "seq": self._subscription.seq}
            self._connection.send(Frame(orjson.dumps(heartbeat).decode()))
            quiet_seconds = 0
        self._timer = self._loop.call_later(self._seconds - quiet_seconds, self._beat)

    def stop(self) -> None:
        self._timer.cancel()
