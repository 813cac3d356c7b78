"""What conversations are to the one who asks, and at which position of their logs: one question.

All else that is shown of a conversation is the same for everybody, and goes by that position.
"""

from datetime import datetime
from functools import cache
from typing import NamedTuple

from app.kit.db import Fetch
from app.kit.errors import NotFound
from app.kit.log import Position
from app.preferences.queries import PREFERENCES_COLUMNS
from app.unread.queries import UNREAD_COLUMNS


class Own(NamedTuple):
    """What `show_preferences` and `show_unread` take, and where the conversation stands.

    `looks` tells of people what the log does not tell yet: of those whose new profile is on its way
    into it, since when; and, where everybody sees them, a digest of all e-mails.
    """

    id: int
    sorted_by: datetime
    muted_until: datetime | None
    archived: bool
    favourite: bool
    notifications: str
    last_read_seq: int
    unread_count: int
    unread_mentions: int
    seq: int
    epoch: str
    looks: str

    @property
    def position(self) -> Position:
        return Position(self.epoch, self.seq)


# The page is cut before anything is looked up for it: nothing is read that is not shown but for
# the memberships among which it is found. Nearly always nobody is untold.
# Shape: the beginning of an `Own`. `own` is what the rest is looked up for.
SHOWN = f"conversations.id, conversations.updated_at, {PREFERENCES_COLUMNS}, {UNREAD_COLUMNS}"
MINE = "participants JOIN conversations ON conversations.id = conversation_id"
_PEOPLE = "FROM users JOIN participants ON user_id = users.id AND conversation_id = own.id"
_UNTOLD = f"""(
    SELECT string_agg(untold_since::text, ' ' ORDER BY users.id) {_PEOPLE}
    WHERE untold_since IS NOT NULL
)"""
_EMAILS = f"(SELECT md5(string_agg(coalesce(email, ''), ' ' ORDER BY users.id)) {_PEOPLE})"


def select_own(source: str, shows_emails: bool) -> str:
    looks = f"{_UNTOLD}, {_EMAILS}" if shows_emails else _UNTOLD
    return f"""
        SELECT own.*, coalesce(last_seq, 0), (SELECT name FROM epoch), concat({looks})
        FROM {source} LEFT JOIN streams ON topic = 'conversation:' || own.id
    """


@cache
def _one(shows_emails: bool) -> str:
    mine = f"SELECT {SHOWN} FROM {MINE} WHERE user_id = $1 AND conversations.id = $2"
    return select_own(f"({mine}) AS own", shows_emails)


async def find_own(fetch: Fetch, user_id: int, conversation_id: int, *, shows_emails: bool) -> Own:
    """Raises: NotFound, the same for one that they are not in and for one that does not exist."""
    rows = await fetch(_one(shows_emails), user_id, conversation_id)
    if not rows:
        raise NotFound
    return Own(*rows[0])
