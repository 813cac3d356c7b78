"""The doorbell between processes: it says, sooner, what the log already holds.

Whoever misses the bell reads the log. So nothing here raises, waits, or keeps what failed.
"""

from app.kit.broker.interface import Broker, Listener
from app.kit.broker.memory import MemoryBroker
from app.kit.broker.redis import RedisBroker

__all__ = ["Broker", "Listener", "MemoryBroker", "RedisBroker", "connect_broker"]


def connect_broker(redis_url: str | None, prefix: str) -> Broker:
    """Redis where there is one; otherwise a doorbell for this process alone."""
    return RedisBroker(redis_url, prefix) if redis_url else MemoryBroker()
