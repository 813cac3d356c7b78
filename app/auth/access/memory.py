"""Who has shown what a moment ago: most requests come from somebody who has only just asked.

A sign-out, and whatever else ends a login or changes its owner, is obeyed at once in the process
that does it, before its answer goes out; in the others when the bell reaches them; and where no
bell is heard, a second after the question whose answer is remembered.
"""

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import NamedTuple

import orjson

from app.auth.access.identity import SignedIn
from app.kit.events import Envelope

# What is promised of a revocation, also while Redis is away.
LASTS_SECONDS = 1.0
# They take 2 KB each (measured).
_LOGINS_MAX = 5_000


class Known(NamedTuple):
    signed_in: SignedIn
    until: float


class Memory:
    """Of the logins of the last second. `key` is the mark of what was shown."""

    def __init__(
        self, logins_max: int = _LOGINS_MAX, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._logins_max = logins_max
        self._clock = clock
        self.known: OrderedDict[bytes, Known] = OrderedDict()
        self._times_forgotten = 0

    async def recall(
        self, key: bytes, ask: Callable[[], Awaitable[SignedIn | None]]
    ) -> SignedIn | None:
        """Asks only for what is not known.

        An answer is remembered unless something was forgotten since the question: it may be older
        than what was to be forgotten.
        """
        known = self.known.get(key)
        if known is not None and self._clock() < known.until:
            return known.signed_in
        times_forgotten, until = self._times_forgotten, self._clock() + LASTS_SECONDS
        signed_in = await ask()
        if signed_in is not None and times_forgotten == self._times_forgotten:
            self._remember(key, Known(replace(signed_in, conversation=None), until))
        return signed_in

    def _remember(self, key: bytes, known: Known) -> None:
        """The oldest come first, and make room. A membership is asked for anew each time."""
        self.known[key] = known
        self.known.move_to_end(key)
        while self.known and (len(self.known) > self._logins_max or self._is_oldest_over()):
            self.known.popitem(last=False)

    def _is_oldest_over(self) -> bool:
        return next(iter(self.known.values())).until <= self._clock()

    def forget(self, user_id: int) -> None:
        """All logins of this person, and how they looked."""
        self._times_forgotten += 1
        theirs = [key for key, one in self.known.items() if one.signed_in.user.id == user_id]
        for key in theirs:
            del self.known[key]

    def obey(self, envelope: Envelope) -> None:
        """Whatever is said on the control topic, it is about somebody of whom much may be new."""
        self.forget(orjson.loads(envelope.data)["user_id"])
