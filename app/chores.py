"""What a process that serves does again and again."""

from collections.abc import Coroutine
from functools import partial
from typing import Any

from app.accounts.actions import forget_expired, forget_unconfirmed
from app.activity.actions import forget_old_activities
from app.attachments.actions import sweep
from app.kit import log
from app.kit.chores import every
from app.kit.pruning import prune
from app.kit.settings import Settings
from app.logins.actions import forget_ended_logins
from app.realtime.action_cable.presence import SWEEP_EVERY_SECONDS
from app.realtime.hub import CHECK_EVERY_SECONDS

_PROLONG_EVERY_SECONDS = 60
_PRUNE_EVERY_SECONDS = 60
# Of what is measured in weeks. To find ended logins it reads their whole table.
_FORGET_EVERY_SECONDS = 600


def chores_of(settings: Settings, house: dict[str, Any]) -> list[Coroutine[Any, Any, None]]:
    old_events = partial(log.prune, older_than_days=settings.event_retention_days)
    old_activities = partial(forget_old_activities, days=settings.activity_retention_days)
    unconfirmed = partial(forget_unconfirmed, days=settings.unconfirmed_lasts_days)
    unwanted = partial(sweep, settings=settings)
    database = house["database"]
    return [
        *house["broker"].loops(),
        house["hub"].run(),
        every(house["pings"].pause_seconds, house["pings"].send),
        every(settings.cable_session_seconds / 3, house["cable_sessions"].prolong),
        every(settings.presence_again_seconds, house["cable_presence"].say_again),
        every(SWEEP_EVERY_SECONDS, house["cable_presence"].sweep),
        every(settings.presence_again_seconds, house["saying"].say_again),
        every(settings.presence_round_seconds, house["saying"].say),
        every(settings.presence_round_seconds, house["telling"].tell),
        every(CHECK_EVERY_SECONDS, house["hub"].check),
        every(CHECK_EVERY_SECONDS, house["guard"].check),
        every(_PROLONG_EVERY_SECONDS, house["seen_logins"].prolong),
        every(_PRUNE_EVERY_SECONDS, partial(prune, database, old_events, unwanted)),
        every(
            _FORGET_EVERY_SECONDS,
            partial(
                prune, database, old_activities, forget_ended_logins, forget_expired, unconfirmed
            ),
        ),
    ]
