"""What everybody is shown of a conversation, kept for as long as its log stands where it stood.

A title, a role, a name, what was said last: whatever changes one of these moves the log on.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.conversations.queries.own import Own
from app.conversations.queries.showing import ConversationRow, show_conversation
from app.conversations.schemas import ConversationOut
from app.kit.clock import iso_in_sql
from app.kit.db import Fetch
from app.kit.rendered import Rendered
from app.messages.queries import NEWEST, show_newest
from app.messages.schemas import LastMessageOut
from app.models import User

# A card of five people takes 1.7 KB, and one of a thousand 150: so there is room for nineteen
# thousand conversations, or for two hundred of the biggest, in each worker.
_BYTES_MAX = 32 * 1024 * 1024
# Of all but the people: twelve strings and numbers, two dictionaries, and the place in the cache.
_OVERHEAD_BYTES = 1_000


@dataclass(frozen=True, slots=True)
class Card:
    """`people` is JSON, in which nobody's e-mail is shown unless everybody's is."""

    conversation: ConversationOut
    people: bytes
    last_message: LastMessageOut | None

    def people_for(self, viewer: User) -> orjson.Fragment:
        """Whoever looks sees their own e-mail. No text can hold what is replaced: its quotes would
        be escaped.
        """
        mine = b'{"id":%d,"email":' % viewer.id
        shown = self.people.replace(mine + b"null", mine + orjson.dumps(viewer.email), 1)
        return orjson.Fragment(shown)


class Cards:
    """Of the conversations that were looked at lately."""

    def __init__(self, bytes_max: int = _BYTES_MAX) -> None:
        self._kept = Rendered[Card](bytes_max)

    async def find(
        self, fetch: Fetch, rows: Sequence[Own], *, shows_emails: bool
    ) -> dict[int, Card]:
        """By conversation: as they are at these positions or later, none older."""
        cards = {row.id: self._kept.find((row.id, row.looks), row.position) for row in rows}
        missing = [row for row in rows if cards[row.id] is None]
        if missing:
            loaded = await load_cards(fetch, [row.id for row in missing], shows_emails=shows_emails)
            for row in missing:
                card = loaded[row.id]
                size = len(card.people) + _OVERHEAD_BYTES
                self._kept.keep((row.id, row.looks), row.position, card, size)
            cards |= loaded
        return {id: card for id, card in cards.items() if card is not None}


# What `show_member` shows, made by Postgres: a thousand people would else hold up the worker.
_CARDS = f"""
    SELECT conversations.id, title, picture_url, "group",
        conversations.created_at, conversations.updated_at,
        (
            SELECT string_agg((SELECT row_to_json(member) FROM (SELECT
                users.id, CASE WHEN $2 THEN email END AS email, username, name, avatar_url, role,
                {iso_in_sql("participants.created_at")} AS joined_at
            ) AS member)::text, ',' ORDER BY users.id)
            FROM participants JOIN users ON users.id = participants.user_id
            WHERE conversation_id = conversations.id
        ) AS people,
        newest.*
    FROM conversations LEFT JOIN LATERAL ({NEWEST}) AS newest ON true
    WHERE conversations.id = ANY($1)
"""


async def load_cards(
    fetch: Fetch, conversation_ids: Collection[int], *, shows_emails: bool
) -> dict[int, Card]:
    """In one question, however many they are."""
    rows = await fetch(_CARDS, list(conversation_ids), shows_emails)
    return {row[0]: _show(row[:6], row[6], row[7:]) for row in rows}


def _show(conversation: Sequence[Any], people: str | None, newest: Sequence[Any]) -> Card:
    return Card(
        show_conversation(ConversationRow(*conversation)),
        b"[%b]" % (people or "").encode(),
        show_newest(*newest) if newest[0] is not None else None,
    )
