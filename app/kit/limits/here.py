"""Counting in this process: for when Redis is away, and for what is too frequent to ask it."""

import time
from collections import defaultdict
from collections.abc import Callable

from app.kit.limits.limit import Limit

# Of each limit. A key takes 160 bytes (measured).
_KEYS_MAX = 50_000
# Collisions are rare among those few who come while there is no room, and cost only them.
_SHARED_WINDOWS = 1024
# It takes some ten milliseconds when all are in use.
_SWEEP_EVERY_SECONDS = 5


class Here:
    """A window begins with its first hit, so at the seam of two, twice as many may pass.

    That is the price of a window being two numbers, whatever the rate.
    """

    def __init__(
        self, keys_max: int = _KEYS_MAX, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        # Apart, so that a flood of e-mail addresses takes no room but its own.
        self._windows: defaultdict[str, _Windows] = defaultdict(lambda: _Windows(keys_max))

    def hit(self, limit: Limit) -> bool:
        """Count one, and say whether it is within the rate."""
        window = self._window(limit)
        if window.left == 0:
            return False
        window.left -= 1
        return True

    def wait_seconds(self, limit: Limit) -> float:
        return self._window(limit).until - self._clock()

    def forget(self, limit: Limit) -> None:
        self._windows[limit.name].forget(limit)

    def _window(self, limit: Limit) -> "_Window":
        return self._windows[limit.name].current(limit, self._clock())


class _Window:
    __slots__ = ("left", "until")

    def __init__(self) -> None:
        self.left = 0
        self.until = 0.0


class _Windows:
    """No more than so many, whatever an attacker makes up.

    To forget somebody for a newcomer would let an attacker push out the count of their own guesses.
    So newcomers who find no room share windows: they may be refused too soon, and never too late.
    """

    def __init__(self, keys_max: int) -> None:
        self._keys_max = keys_max
        # By the hash: a key may be long. Python's is made with a secret of the process, so nobody
        # can aim at the window of somebody else.
        self._windows: dict[int, _Window] = {}
        self._swept_at = 0.0

    def current(self, limit: Limit, now: float) -> _Window:
        key = hash(limit)
        window = self._windows.get(key)
        if window is None:
            if not self._has_room(now):
                key %= _SHARED_WINDOWS
            window = self._windows.setdefault(key, _Window())
        if now >= window.until:
            window.left, window.until = limit.amount, now + limit.seconds
        return window

    def forget(self, limit: Limit) -> None:
        """Of their own only: a shared one counts others, too."""
        self._windows.pop(hash(limit), None)

    def _has_room(self, now: float) -> bool:
        is_full = len(self._windows) >= self._keys_max
        if is_full and now - self._swept_at >= _SWEEP_EVERY_SECONDS:
            self._swept_at = now
            self._windows = {key: one for key, one in self._windows.items() if now < one.until}
            is_full = len(self._windows) >= self._keys_max
        return not is_full
