"""What one connection may send."""

import time


class Budget:
    """How much one connection may send, counted in its own process.

    Units: `amount` in any stretch of `seconds`.
    """

    __slots__ = ("_amount", "_seconds", "_spent")

    def __init__(self, amount: int, seconds: float) -> None:
        self._amount = amount
        self._seconds = seconds
        # A list: every connection has its budgets, and an empty deque takes 760 bytes.
        self._spent: list[float] = []

    def spend(self) -> bool:
        """Answers whether there was something left."""
        now = time.monotonic()
        while self._spent and now - self._spent[0] >= self._seconds:
            del self._spent[0]
        if len(self._spent) >= self._amount:
            return False
        self._spent.append(now)
        return True

    def refund(self) -> None:
        """What was spent last turned out to be free."""
        if self._spent:
            self._spent.pop()
