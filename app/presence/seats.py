"""Who is connected to this process, by whatever transport."""

from collections.abc import Iterator, Set
from contextlib import contextmanager

from app.auth.access import SignedIn
from app.models import Scope
from app.presence.schemas import Status


class Seat:
    """That of one connection: it ends with it, and so does what was said there."""

    __slots__ = ("_seats", "is_away", "user_id")

    def __init__(self, seats: "Seats", user_id: int, is_away: bool) -> None:
        self._seats = seats
        self.user_id = user_id
        self.is_away = is_away

    def say(self, status: Status) -> None:
        self.is_away = status is Status.AWAY
        self._seats.moved.add(self.user_id)


class Seats:
    """`moved` are those for whom something may have changed since somebody last looked."""

    def __init__(self) -> None:
        self.moved: set[int] = set()
        self._taken: dict[int, set[Seat]] = {}

    @contextmanager
    def taken_by(self, signed_in: SignedIn, *, is_away: bool = False) -> Iterator[Seat]:
        """A token that only reads takes none: whatever it does, nobody hears of it."""
        seat = Seat(self, signed_in.user.id, is_away)
        if signed_in.scope != Scope.WRITE:
            yield seat
            return
        self._taken.setdefault(seat.user_id, set()).add(seat)
        self.moved.add(seat.user_id)
        try:
            yield seat
        finally:
            self._leave(seat)

    def _leave(self, seat: Seat) -> None:
        theirs = self._taken[seat.user_id]
        theirs.discard(seat)
        if not theirs:
            del self._taken[seat.user_id]
        self.moved.add(seat.user_id)

    @property
    def people(self) -> Set[int]:
        return self._taken.keys()

    def status(self, user_id: int) -> Status:
        """By their seats here. They are away when all of these are."""
        are_all_away = all(seat.is_away for seat in self._taken[user_id])
        return Status.AWAY if are_all_away else Status.ONLINE
