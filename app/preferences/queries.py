"""Questions about one's own memberships, for whoever shows or lists conversations."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement

from app.kit import clock
from app.kit.db import AnyRow
from app.models import MUTED_FOREVER, Participant
from app.preferences.schemas import FOREVER, PreferencesFilter, PreferencesOut

# What `show_preferences` takes.
PREFERENCES_COLUMNS = (
    Participant.muted_until,
    Participant.archived,
    Participant.favourite,
    Participant.notifications,
)


def show_preferences(membership: Participant | AnyRow) -> PreferencesOut:
    return {
        "muted_until": _show_mute(membership),
        "archived": membership.archived,
        "favourite": membership.favourite,
        "notifications": membership.notifications,
    }


def _show_mute(membership: Participant | AnyRow) -> str | None:
    """A mute ends by itself: nothing is written then, and nobody is told."""
    until = membership.muted_until
    if until is None or until.timestamp() <= clock.unix_seconds():
        return None
    return FOREVER if until == MUTED_FOREVER else clock.iso(until)


def conditions(wanted: PreferencesFilter) -> Iterator[ColumnElement[bool]]:
    """Of the memberships that are wanted."""
    if wanted.archived is not None:
        yield Participant.archived.is_(wanted.archived)
    if wanted.favourite is not None:
        yield Participant.favourite.is_(wanted.favourite)
