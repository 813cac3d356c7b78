"""One's conversations, a page at a time."""

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from app.conversations.queries.own import MINE, SHOWN, Own, select_own
from app.kit.db import Database
from app.kit.keyset import Key, Neighbours, cut, read_time
from app.kit.together import Together
from app.preferences.schemas import PreferencesFilter

# So that nobody waits for long for those with long lists.
_ASKED_AT_ONCE = 30
_WAITING_MAX = 1_000


@cache
def _pages(shows_emails: bool, descending: bool = True, place: str = "") -> str:
    """Of several people. `place` compares with the time and the id of a key."""
    direction = "DESC" if descending else "ASC"
    keyset = f"AND (conversations.updated_at, conversations.id) {place} ($5, $6)" if place else ""
    pages = f"""
        unnest($1::bigint[], $2::bigint[], $3::bool[], $4::bool[])
            WITH ORDINALITY AS asked(user_id, at_most, archived, favourite, number)
        CROSS JOIN LATERAL (
            SELECT asked.number, {SHOWN} FROM {MINE}
            WHERE participants.user_id = asked.user_id {keyset}
                AND participants.archived = coalesce(asked.archived, participants.archived)
                AND participants.favourite = coalesce(asked.favourite, participants.favourite)
            ORDER BY conversations.updated_at {direction}, conversations.id {direction}
            LIMIT asked.at_most
        ) AS own
    """
    order = f"ORDER BY own.number, own.updated_at {direction}, own.id {direction}"
    return select_own(pages, shows_emails) + order


class Asked(NamedTuple):
    """Whose conversations, how many, and which of them: null makes no difference."""

    user_id: int
    at_most: int
    archived: bool | None
    favourite: bool | None


class Lists:
    """One's conversations, the most recently active first.

    Those who ask at the same time for the beginning of their lists are answered by one question:
    what it costs to ask at all is more than a list of twenty does.
    """

    def __init__(self, database: Database, *, shows_emails: bool) -> None:
        self._fetch = database.fetch
        self._shows_emails = shows_emails
        self._together = Together(
            self._list_beginnings, batch_max=_ASKED_AT_ONCE, waiting_max=_WAITING_MAX
        )

    async def page(
        self, user_id: int, wanted: PreferencesFilter, key: Key | None, limit: int
    ) -> tuple[list[Own], Neighbours]:
        asked = Asked(user_id, limit + 1, wanted.archived, wanted.favourite)
        if key is None:
            return cut(await self._together.do(asked), None, limit)
        onwards, behind = (">", "<=") if key.backwards else ("<", ">=")
        place = (read_time(key), key.id)
        ahead = _pages(self._shows_emails, not key.backwards, onwards)
        (rows,) = await self._ask(ahead, [asked], *place)
        # What the key was made from is there itself, unless it has moved or gone.
        back = _pages(False, key.backwards, behind)
        (passed,) = await self._ask(back, [asked._replace(at_most=1)], *place)
        return cut(rows, key, limit, came_from=bool(passed))

    async def _list_beginnings(self, asked: list[Asked]) -> Sequence[list[Own]]:
        """Somebody with two devices asks once."""
        different = list(dict.fromkeys(asked))
        found = await self._ask(_pages(self._shows_emails), different)
        lists = dict(zip(different, found, strict=True))
        return [lists[one] for one in asked]

    async def _ask(self, sql: str, asked: Sequence[Asked], *place: object) -> list[list[Own]]:
        lists: list[list[Own]] = [[] for _ in asked]
        for number, *row in await self._fetch(sql, *map(list, zip(*asked, strict=True)), *place):
            lists[number - 1].append(Own(*row))
        return lists
