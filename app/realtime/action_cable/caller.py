"""Who is on the line."""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import State

from app.auth.access import SignedIn
from app.presence.seats import Seat
from app.realtime.action_cable.connection import CableConnection
from app.realtime.closing import Farewell
from app.realtime.commands import Desk
from app.realtime.guard import Listener


@dataclass(frozen=True, eq=False, slots=True)
class Caller:
    """By which login and which protocol, and the house behind them."""

    house: State
    signed_in: SignedIn
    connection: CableConnection
    is_extended: bool
    seat: Seat

    @property
    def user_id(self) -> int:
        return self.signed_in.user.id

    def listener(self) -> Listener:
        """For the guard: they listen for as long as their login is good."""
        return Listener(self.signed_in.login_id, self.user_id, None, self.connection.end)

    def member(self, conversation_id: int, end: Callable[[Farewell], None]) -> Listener:
        """For the guard: they listen for as long as they are in the conversation, too."""
        return Listener(self.signed_in.login_id, self.user_id, conversation_id, end)

    def desk(self, conversation_id: int) -> Desk:
        house = self.house
        return Desk(
            self.signed_in,
            conversation_id,
            self.connection.id,
            self.seat,
            house.database,
            house.limits,
            house.settings,
            house.ledger,
            house.writer,
        )
