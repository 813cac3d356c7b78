"""The door for whoever reads along: are they in the conversation, and how far has it come?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Path
from starlette.requests import HTTPConnection

from app.auth.access.doors import signed_in
from app.kit.db import Database
from app.kit.errors import NotFound
from app.kit.log import Position
from app.kit.together import Together

# More than ever come within one round trip; then there are two questions.
_AT_ONCE_MAX = 1_000
# Each is a request that is held in memory anyway.
_WAITING_MAX = 20_000

_LOOK = """
    SELECT number, epoch.name, coalesce(streams.last_seq, 0)
    FROM unnest($1::bigint[], $2::bigint[])
        WITH ORDINALITY AS asked(conversation_id, user_id, number)
    JOIN participants USING (conversation_id, user_id)
    LEFT JOIN streams ON streams.topic = 'conversation:' || conversation_id
    CROSS JOIN epoch
"""

# A conversation, and somebody who wants to read in it.
_Asked = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who is in a conversation, and how far its log has come."""

    conversation_id: int
    user_id: int
    position: Position


class Turnstile:
    """Nobody passes on what was said before: each is asked for after they came.

    Those who come while a question is under way share the next one.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._together = Together(self._look, batch_max=_AT_ONCE_MAX, waiting_max=_WAITING_MAX)

    async def enter(self, conversation_id: int, user_id: int) -> Reader:
        """Raises: NotFound, the same for one that they are not in and for one that does not exist;
        Unavailable.
        """
        position = await self._together.do((conversation_id, user_id))
        return Reader(conversation_id, user_id, position)

    async def _look(self, asked: list[_Asked]) -> Sequence[Position | Exception]:
        conversation_ids, user_ids = zip(*asked, strict=True)
        rows = await self._database.fetch(_LOOK, conversation_ids, user_ids)
        found = {number: Position(epoch, seq) for number, epoch, seq in rows}
        return [found.get(number) or NotFound() for number in range(1, len(asked) + 1)]


async def _read_conversation(
    conversation_id: Annotated[int, Path(examples=[1])], connection: HTTPConnection
) -> Reader:
    """Takes no session: most of those who read need nothing else of the database."""
    user = (await signed_in(connection)).user
    turnstile: Turnstile = connection.state.turnstile
    return await turnstile.enter(conversation_id, user.id)


ReadConversation = Annotated[Reader, Depends(_read_conversation)]
