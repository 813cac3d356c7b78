"""Things kept for a while, where every process finds them: in Redis, or in memory without one.

Nothing here is the truth: whoever asks must do without it. So Redis being away is `Unavailable`,
said within half a second, and for a second after that at once.
"""

from app.kit.shelf.interface import Entry, Gone, Shelf
from app.kit.shelf.memory import MemoryShelf
from app.kit.shelf.redis import RedisShelf

__all__ = ["Entry", "Gone", "MemoryShelf", "RedisShelf", "Shelf", "put_up_shelf"]


def put_up_shelf(redis_url: str | None, prefix: str) -> Shelf:
    return RedisShelf(redis_url, prefix) if redis_url else MemoryShelf()
