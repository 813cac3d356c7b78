"""Gathers what devices say of how far they are, and writes it down together.

In a large group everybody reads each message. One transaction for each of them would keep all who
want to say something waiting.
"""

import asyncio
from contextlib import suppress
from contextvars import Context
from dataclasses import dataclass, field
from itertools import chain, groupby

import structlog

from app.kit.db import Database
from app.kit.errors import ChatFlowError, NotFound, Unavailable
from app.kit.settings import Settings
from app.receipts import actions
from app.receipts.actions import Place
from app.receipts.marks import Mark
from app.receipts.schemas import MarkedOut

logger = structlog.get_logger()

# Then it is not for what is in them: to try the rest takes as long for nothing.
_FAILURES_MAX = 2


@dataclass(eq=False)
class _Entry:
    """All that one person's devices said of one conversation since it was last written."""

    place: Place
    mark: Mark = field(default_factory=Mark)
    written: asyncio.Future[MarkedOut] = field(default_factory=asyncio.Future)

    def fail(self, error: ChatFlowError) -> None:
        self.written.set_exception(error)
        self.written.exception()  # Who did not wait for it does not want to know.


class Ledger:
    """Whoever finds it idle is written at once; whoever comes within the pause, after it."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._pause_seconds = settings.marks_pause_seconds
        self._waiting_max = settings.marks_waiting_max
        self._waiting: dict[Place, _Entry] = {}
        self._writing: asyncio.Task[None] | None = None
        self._closing = asyncio.Event()

    def note(self, place: Place, mark: Mark) -> asyncio.Future[MarkedOut]:
        """Do not wait. Raises: Unavailable when too many are waiting."""
        entry = self._waiting.get(place)
        if entry is None:
            if len(self._waiting) >= self._waiting_max:
                raise Unavailable
            entry = self._waiting[place] = _Entry(place)
        entry.mark = entry.mark.then(mark)
        if self._writing is None or self._writing.done():
            # Not in the name of the request that happened to come first.
            self._writing = asyncio.create_task(self._write_waiting(), context=Context())
        return entry.written

    async def write(self, place: Place, mark: Mark) -> MarkedOut:
        """Until it is committed.

        Raises: NotFound for who has left meanwhile; Unavailable.
        """
        # Others may wait for the same: who goes away takes nothing from them.
        return await asyncio.shield(self.note(place, mark))

    async def aclose(self) -> None:
        """Write what is left."""
        self._closing.set()
        if self._writing is not None:
            await self._writing

    async def _write_waiting(self) -> None:
        while self._waiting:
            entries, self._waiting = self._waiting, {}
            await self._write_or_split(list(entries.values()))
            with suppress(TimeoutError):
                async with asyncio.timeout(self._pause_seconds):
                    await self._closing.wait()

    async def _write_or_split(self, entries: list[_Entry]) -> None:
        """Where one conversation cannot be written, the others are."""
        error = await self._write(entries)
        if error is None:
            return
        failed: list[list[_Entry]] = []
        for part in _by_conversation(entries):
            if len(failed) == _FAILURES_MAX or await self._write(part):
                failed.append(part)
        for entry in chain(*failed):
            entry.fail(error)

    async def _write(self, entries: list[_Entry]) -> ChatFlowError | None:
        marks = {entry.place: entry.mark for entry in entries}
        try:
            async with self._database.unit_of_work() as session:
                written = await actions.write(session, marks)
        except ChatFlowError as error:
            return error
        except Exception:
            logger.exception("marks.failed")
            return ChatFlowError()
        for entry in entries:
            if (marked := written.get(entry.place)) is not None:
                entry.written.set_result(marked)
            else:
                entry.fail(NotFound())
        return None


def _by_conversation(entries: list[_Entry]) -> list[list[_Entry]]:
    def conversation_id(entry: _Entry) -> int:
        return entry.place[0]

    return [
        list(part) for _, part in groupby(sorted(entries, key=conversation_id), conversation_id)
    ]
