"""Writing together what is said at once: a transaction takes the disk as long for one as for many.

Whoever finds the writer idle is written at once; whoever comes meanwhile, with all others who do.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from weakref import WeakValueDictionary

import structlog
from asyncpg import UniqueViolationError

from app.kit.clock import iso
from app.kit.db import Database
from app.kit.errors import Invalid
from app.kit.events import Envelope
from app.kit.settings import Settings
from app.kit.together import Together
from app.messages.actions.batch import IN_FREE_PLACES, IN_ONE_PLACE, columns
from app.messages.actions.said import Said
from app.messages.events import MESSAGE_CREATED

logger = structlog.get_logger()

# Then what they share is next to nothing to each; and of the longest texts it is some 8 MB.
_BATCH_MAX = 200

# The data of the event; none where nothing was written.
Outcome = str | None
Queue = Together[Said, Outcome]


class Writer:
    """One for each process. It writes what is plain: `Said.is_plain`.

    It waits for no conversation that somebody else holds, or all others would wait with it. There
    those who have something to say form a queue of their own, for as long as there is one.
    """

    def __init__(self, database: Database, settings: Settings) -> None:
        self.database = database
        self._waiting_max = settings.posts_waiting_max
        self._free = self._begin_queue(IN_FREE_PLACES)
        self._held: WeakValueDictionary[int, Queue] = WeakValueDictionary()

    async def write(self, said: Said) -> Outcome:
        """Answers none for what has to be looked at by itself: its author is not in the
        conversation, its key was used before, or it cannot be stored.

        Raises: Unavailable, also when too many are waiting.
        """
        queue = self._held.get(said.conversation_id)
        if queue is None:
            if (written := await self._free.do(said)) is not None:
                return written
            queue = self._begin_queue(IN_ONE_PLACE)
            queue = self._held.setdefault(said.conversation_id, queue)
        return await queue.do(said)

    def _begin_queue(self, statement: str) -> Queue:
        work = partial(self._write, statement)
        return Together(work, batch_max=_BATCH_MAX, waiting_max=self._waiting_max)

    async def _write(self, statement: str, batch: list[Said]) -> Sequence[Outcome]:
        """Of those with one key, one. Where one cannot be, none is: each is then tried by itself.

        A key that another worker has just used is seen by its index only.
        """
        one_of_each = list({said.key: said for said in batch}.values())
        try:
            rows = await self.database.fetch(statement, *columns(one_of_each))
        except (UniqueViolationError, Invalid):
            # Seldom. If it were not, nothing but the time that posts take would show it.
            logger.info("posts.written_apart", posts=len(batch))
            return [None] * len(batch)
        self.database.ring([_address(*row) for row in rows])
        written = {one_of_each[n - 1]: data for n, *_, data in rows}
        return [written.get(said) for said in batch]


def _address(_n: int, topic: str, seq: int, at: datetime, data: str) -> Envelope:
    return Envelope(topic, MESSAGE_CREATED, data, seq, iso(at))
