"""The history, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import orjson

from app.kit.clock import iso
from app.kit.db import Database
from app.kit.paging import Cursor, Window, link_header
from app.messages.queries.stretch import Found, Row, Stretch, find_stretch
from app.messages.schemas import PageInfo


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """Some messages, and where the history goes on.

    `reactors` are the people who have reactions of their own in it: everybody else is shown the
    same.
    Shape: `messages` and `page_info` are JSON; `links` is a header that has `prev` for what is
    older and `next` for what is newer, where there is any.
    """

    messages: bytes
    page_info: bytes
    links: dict[str, str]
    reactors: frozenset[int]

    @property
    def answer(self) -> bytes:
        return b'{"messages":%b,"page_info":%b}' % (self.messages, self.page_info)


async def find_page(
    database: Database, conversation_id: int, viewer_id: int | None, window: Window
) -> HistoryPage:
    """The nearest messages after `after`, or else the nearest before `before`, or the newest.

    With what is a viewer's own, if there is one.
    """
    stretch = Stretch.of(window)
    found = await find_stretch(database, conversation_id, viewer_id, stretch)
    path, links = f"/conversations/{conversation_id}/messages", _links(found, stretch, window.limit)
    return HistoryPage(
        messages=f"[{','.join([row.shown for row in found.rows])}]".encode(),
        page_info=orjson.dumps(_page_info(found.rows, window)),
        links=link_header(path, links),
        reactors=frozenset(chain.from_iterable(row.reactors for row in found.rows)),
    )


def _links(found: Found, stretch: Stretch, limit: int) -> dict[str, dict[str, object]]:
    rows, links = found.rows, dict[str, dict[str, object]]()
    if found.goes_back:
        oldest = Cursor(rows[0].seq) if rows else stretch.place
        links["prev"] = {"before": oldest, "limit": limit}
    if found.goes_on:
        newest = Cursor(rows[-1].seq) if rows else stretch.place.earlier()
        links["next"] = {"after": newest, "limit": limit}
    return links


def _page_info(rows: Sequence[Row], window: Window) -> PageInfo:
    """An empty page repeats the cursor that was asked with, so that a poller keeps its place."""
    oldest = iso(rows[0].created_at) if rows else None
    newest = iso(rows[-1].created_at) if rows else None
    asked_before = str(window.before) if window.before else None
    asked_after = str(window.after) if window.after else None
    return {
        "count": len(rows),
        "oldest": oldest,
        "newest": newest,
        "cursor": {"before": oldest or asked_before, "after": newest or asked_after},
    }
