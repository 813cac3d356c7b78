"""Pages of the history that were read before, for as long as nothing happens in it."""

from app.auth.access import Reader
from app.kit.db import Database
from app.kit.paging import Window
from app.kit.rendered import Rendered
from app.messages.queries.history import HistoryPage, find_page

# A page of long texts would take the place of a hundred others.
_PAGE_MAX_BYTES = 256 * 1024
# Of a page besides its text, and of one who has reacted in it (measured).
_PAGE_BYTES, _REACTOR_BYTES = 1_600, 112


class Pages:
    """Whatever a page shows moves its conversation's log on: at the same position it is the same.

    Most are shown the same; who has reactions of their own in it has a page of their own.
    """

    def __init__(self, database: Database, bytes_max: int) -> None:
        self._database = database
        self._kept = Rendered[HistoryPage](bytes_max)

    async def read(self, reader: Reader, window: Window) -> HistoryPage:
        page = await self._find(reader, window, None)
        if reader.user_id in page.reactors:
            page = await self._find(reader, window, reader.user_id)
        return page

    async def _find(self, reader: Reader, window: Window, viewer_id: int | None) -> HistoryPage:
        key = (reader.conversation_id, window, viewer_id)
        kept = self._kept.find(key, reader.position)
        if kept is not None:
            return kept
        page = await find_page(self._database, reader.conversation_id, viewer_id, window)
        size = len(page.messages) + _PAGE_BYTES + _REACTOR_BYTES * len(page.reactors)
        if size <= _PAGE_MAX_BYTES:
            self._kept.keep(key, reader.position, page, size)
        return page
