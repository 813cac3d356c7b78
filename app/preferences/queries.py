"""Questions about one's own memberships, for whoever shows or lists conversations."""

from datetime import datetime
from typing import Protocol

from app.kit import clock
from app.models import MUTED_FOREVER
from app.preferences.schemas import FOREVER, PreferencesOut


class Membership(Protocol):
    @property
    def muted_until(self) -> datetime | None: ...
    @property
    def archived(self) -> bool: ...
    @property
    def favourite(self) -> bool: ...
    @property
    def notifications(self) -> str: ...


# Of `participants`: what `show_preferences` takes.
PREFERENCES_COLUMNS = "muted_until, archived, favourite, notifications"


def show_preferences(membership: Membership) -> PreferencesOut:
    return {
        "muted_until": _show_mute(membership),
        "archived": membership.archived,
        "favourite": membership.favourite,
        "notifications": membership.notifications,
    }


def _show_mute(membership: Membership) -> str | None:
    """A mute ends by itself: nothing is written then, and nobody is told."""
    until = membership.muted_until
    if until is None or until.timestamp() <= clock.unix_seconds():
        return None
    return FOREVER if until == MUTED_FOREVER else clock.iso(until)
