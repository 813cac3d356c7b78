"""What a connection took over from the one before it."""

from collections.abc import Mapping

from app.realtime.action_cable.history import Places


class Restored:
    """By identifier. `began` are the places from which the client had subscribed.

    `held` is what it has not asked for yet. `unconfirmed` is what it may not know of: when the
    connection broke before the confirmation arrived, it asks for the history of all that we say
    is restored, as it should, and then subscribes nevertheless.
    """

    def __init__(self) -> None:
        self.began: dict[str, Places] = {}
        self.held: set[str] = set()
        self.unconfirmed: set[str] = set()
        self._was_asked = False

    def take_over(self, began: Mapping[str, Places]) -> None:
        self.began = dict(began)
        self.held, self.unconfirmed = set(began), set(began)

    def was_asked_for(self, identifier: str) -> None:
        self._was_asked = True
        self.held.discard(identifier)

    def was_asked_lately(self) -> bool:
        """Since the last time. The rest of what is asked may wait behind a long replay."""
        was_asked, self._was_asked = self._was_asked, False
        return was_asked

    def drop(self, identifier: str) -> None:
        self.began.pop(identifier, None)
        self.held.discard(identifier)
        self.unconfirmed.discard(identifier)
