"""What is sent in one turn of the event loop leaves at its end, by one write for each client."""

from asyncio import AbstractEventLoop
from typing import Protocol
from weakref import WeakKeyDictionary


class Sender(Protocol):
    sent_at: float

    def flush(self) -> None: ...


class Turn:
    """Those who have something to send before the turn is over. One for each loop.

    Whoever adds the first one begins it.
    """

    def __init__(self, loop: AbstractEventLoop) -> None:
        self._loop = loop
        self.senders: list[Sender] = []

    def begin(self) -> None:
        self._loop.call_soon(self._end)

    def _end(self) -> None:
        senders, self.senders = self.senders, []
        now = self._loop.time()
        for sender in senders:
            sender.sent_at = now
            sender.flush()


_turns: WeakKeyDictionary[AbstractEventLoop, Turn] = WeakKeyDictionary()


def turn_of(loop: AbstractEventLoop) -> Turn:
    if (turn := _turns.get(loop)) is None:
        turn = _turns[loop] = Turn(loop)
    return turn
