"""A shelf in Redis, for all processes."""

from collections.abc import Collection, Mapping, Sequence

from app.kit.redis import Reach, connect
from app.kit.shelf.interface import Entry, Gone
from app.kit.shelf.scripts import ENTER, LEAVE, SWEEP

_AT_ONCE_MAX = 500  # Entries: a script holds up everybody else.


class RedisShelf:
    """Rooms are changed by scripts, so that of two who come or go at once one is the first.

    Shape: `drawer:<name>` a hash; `room:<room>` a hash of name -> JSON {ticket: until when};
    `rooms` a sorted set of [room, name] by when their last ticket runs out.
    """

    def __init__(self, url: str, prefix: str) -> None:
        self._redis = connect(url, decode_responses=True)
        self._reaching = Reach("shelf.away")
        self._prefix = prefix
        self._enter = self._redis.register_script(ENTER)
        self._leave = self._redis.register_script(LEAVE)
        self._sweep = self._redis.register_script(SWEEP)

    # Drawers.

    async def put(self, drawer: str, texts: Mapping[str, str], seconds: float) -> None:
        key = self._drawer(drawer)
        words = [word for item in texts.items() for word in item]
        with self._reaching():
            async with self._redis.pipeline(transaction=True) as pipeline:
                pipeline.hset(key, items=words)
                pipeline.pexpire(key, round(seconds * 1000))
                await pipeline.execute()

    async def look(self, drawer: str) -> Mapping[str, str]:
        with self._reaching():
            texts = await self._redis.hgetall(self._drawer(drawer))
        return {str(name): str(text) for name, text in texts.items()}

    async def take(self, drawer: str, name: str) -> None:
        with self._reaching():
            await self._redis.hdel(self._drawer(drawer), name)

    async def prolong(self, drawers: Collection[str], seconds: float) -> None:
        with self._reaching():
            async with self._redis.pipeline(transaction=False) as pipeline:
                for drawer in drawers:
                    pipeline.pexpire(self._drawer(drawer), round(seconds * 1000))
                await pipeline.execute()

    def _drawer(self, name: str) -> str:
        return f"{self._prefix}drawer:{name}"

    # Rooms.

    async def enter(self, entries: Sequence[Entry], seconds: float) -> Sequence[bool]:
        are_new: list[bool] = []
        with self._reaching():
            for start in range(0, len(entries), _AT_ONCE_MAX):
                batch = entries[start : start + _AT_ONCE_MAX]
                words = [word for entry in batch for word in entry]
                answers = await self._enter(self._keys, [self._prefix, seconds, *words])
                are_new += [bool(answer) for answer in answers]
        return are_new

    async def leave(self, entry: Entry) -> bool:
        with self._reaching():
            return bool(await self._leave(self._keys, [self._prefix, *entry]))

    async def names(self, room: str) -> Sequence[str]:
        with self._reaching():
            return sorted(map(str, await self._redis.hkeys(f"{self._prefix}room:{room}")))

    async def listed(self, rooms: Sequence[str], names: Sequence[str]) -> Sequence[Collection[str]]:
        if not names:
            return [() for _ in rooms]
        with self._reaching():
            async with self._redis.pipeline(transaction=True) as pipeline:
                for room in rooms:
                    pipeline.hmget(f"{self._prefix}room:{room}", names)
                answers = await pipeline.execute()
        return [
            {name for name, tickets in zip(names, answer, strict=True) if tickets is not None}
            for answer in answers
        ]

    async def sweep(self) -> Sequence[Gone]:
        with self._reaching():
            words = await self._sweep(self._keys, [self._prefix, _AT_ONCE_MAX])
        places = zip(words[::3], words[1::3], map(float, words[2::3]), strict=True)
        return [Gone(*place) for place in places]

    @property
    def _keys(self) -> list[str]:
        return [f"{self._prefix}rooms"]

    async def aclose(self) -> None:
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()
