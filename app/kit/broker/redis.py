"""The doorbell over Redis pub/sub: one connection rings, another listens."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import suppress
from typing import Any

import structlog
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from app.kit.broker.interface import Listener
from app.kit.events import Envelope
from app.kit.logs import brief

logger = structlog.get_logger()

# When one of the loops below closes a connection that another is about to write to, redis-py lets
# through what uvloop (RuntimeError) and Python (AttributeError) say to that. With one loop dead a
# worker would hear nothing more.
_AWAY = (RedisError, OSError, RuntimeError, AttributeError)

_TIMEOUT_SECONDS = 2
_RECONNECT_SECONDS = 0.25
# More than this many bells waiting means that Redis is away; the log has them all.
_WAITING_MAX = 10_000
_BATCH_MAX = 500
# A half-open connection is silent. We ask after a second of silence, and hang up after three.
_ASK_AFTER_SECONDS = 1
_SILENCE_MAX_SECONDS = 3


class RedisBroker:
    """Comes back by itself; every return announces each topic as `subscribed` anew."""

    def __init__(self, url: str, prefix: str) -> None:
        """`prefix` keeps deployments apart that share a Redis: pub/sub ignores its databases."""
        self.failures = 0
        self._prefix = prefix
        self._redis = Redis.from_url(
            url,
            socket_timeout=_TIMEOUT_SECONDS,
            socket_connect_timeout=_TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        self._listener: Listener | None = None
        self._waiting: deque[Envelope] = deque(maxlen=_WAITING_MAX)
        self._rung = asyncio.Event()
        self._topics: set[str] = set()
        self._subscribed: set[str] = set()
        self._changed = asyncio.Event()
        self._pubsub: PubSub | None = None

    def attach(self, listener: Listener) -> None:
        self._listener = listener

    def loops(self) -> Sequence[Coroutine[Any, Any, None]]:
        return self._keep_ringing(), self._keep_subscribed(), self._keep_hearing()

    # Ringing.

    def ring(self, envelopes: Iterable[Envelope]) -> None:
        for envelope in envelopes:
            self._waiting.append(envelope)
            if self._listener:
                self._listener.rung(envelope)
        self._rung.set()

    async def _keep_ringing(self) -> None:
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await self._ring_what_waits()
            except _AWAY as error:
                self.failures += 1
                logger.warning("doorbell.failed", error=brief(error), failures=self.failures)

    async def _ring_what_waits(self) -> None:
        """All that gathered during the last round trip goes out in the next one."""
        while self._waiting:
            count = min(len(self._waiting), _BATCH_MAX)
            batch = [self._waiting.popleft() for _ in range(count)]
            if count == 1:  # A pipeline for one message is twice the work.
                await self._redis.publish(self._prefix + batch[0].topic, batch[0].to_bytes())
                continue
            async with self._redis.pipeline(transaction=False) as pipeline:
                for envelope in batch:
                    pipeline.publish(self._prefix + envelope.topic, envelope.to_bytes())
                await pipeline.execute()

    # Listening.

    def subscribe(self, topic: str) -> None:
        self._topics.add(topic)
        self._changed.set()

    def unsubscribe(self, topic: str) -> None:
        self._topics.discard(topic)
        self._changed.set()

    async def _keep_subscribed(self) -> None:
        """A storm of clients is one command: the changes of a turn go out together."""
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._pubsub is not None:
                # What fails here is noticed, and mended, by whoever listens.
                with suppress(*_AWAY):
                    await self._subscribe_to_what_is_wanted(self._pubsub)

    async def _subscribe_to_what_is_wanted(self, pubsub: PubSub) -> None:
        wanted = set(self._topics)
        added, dropped = wanted - self._subscribed, self._subscribed - wanted
        self._subscribed = wanted
        if added:
            await pubsub.subscribe(*(self._prefix + topic for topic in added))
        if dropped:
            await pubsub.unsubscribe(*(self._prefix + topic for topic in dropped))

    async def _keep_hearing(self) -> None:
        while True:
            try:
                async with self._redis.pubsub() as pubsub:
                    await self._hear(pubsub)
            except _AWAY as error:
                if self._pubsub is not None:
                    logger.warning("doorbell.lost", error=brief(error))
                self._pubsub = None
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _hear(self, pubsub: PubSub) -> None:
        """Until the connection breaks. Raises: one of `_AWAY`."""
        await pubsub.connect()  # type: ignore[no-untyped-call]
        self._pubsub, self._subscribed = pubsub, set()
        self._changed.set()
        clock = asyncio.get_running_loop().time
        heard_at = clock()
        while clock() - heard_at < _SILENCE_MAX_SECONDS:
            message = await pubsub.get_message(timeout=_ASK_AFTER_SECONDS)
            if message is None:
                await pubsub.ping()
            else:
                heard_at = clock()
                self._dispatch(message)
        raise RedisConnectionError("Redis is silent")

    def _dispatch(self, message: dict[str, Any]) -> None:
        if self._listener is None:
            return
        if message["type"] == "subscribe":
            self._listener.subscribed(message["channel"].decode().removeprefix(self._prefix))
        elif message["type"] == "message":
            try:
                self._listener.heard(Envelope.from_bytes(message["data"]))
            except (ValueError, TypeError) as error:
                logger.warning("doorbell.garbled", error=brief(error))

    # Coming and going.

    async def is_ready(self) -> bool:
        try:
            return bool(await self._redis.ping())
        except _AWAY:
            return False

    async def aclose(self) -> None:
        """Ring what waits, if Redis answers, and hang up."""
        with suppress(*_AWAY):
            await self._ring_what_waits()
        await self._redis.aclose()
