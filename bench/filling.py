"""Many people, conversations, messages and events in a moment: made by Postgres itself.

Rows are as the application would have left them: positions without holes, times that only grow,
streams and counts that agree. Ids are one after another, so that a range names them.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import asyncpg

_PEOPLE = """
    INSERT INTO users (email, username, name, encrypted_password)
    SELECT 'p' || n || '@example.com', 'p' || n, 'Person ' || n, '!'
    FROM generate_series($1::bigint + 1, $1 + $2) AS n RETURNING id
"""
_CONVERSATIONS = """
    WITH made AS (
        INSERT INTO conversations (title, "group", updated_at)
        SELECT 'Group', true, now() - n * interval '1 minute' FROM generate_series(1, $1::int) AS n
        RETURNING id
    ), begun AS (
        INSERT INTO streams (topic) SELECT 'conversation:' || id FROM made
    )
    SELECT id FROM made
"""
_MEMBERS = """
    INSERT INTO participants (conversation_id, user_id)
    SELECT conversation, person
    FROM unnest($1::bigint[]) AS conversation, unnest($2::bigint[]) AS person
"""
# One after another in each conversation, and of all conversations in turn, as people talk.
_MESSAGES = """
    INSERT INTO messages (conversation_id, user_id, seq, body, created_at, updated_at)
    SELECT conversation, ($2::bigint[])[1 + n % cardinality($2)], last_seq + n, $4, at, at
    FROM generate_series(1, $3::bigint) AS n
    CROSS JOIN unnest($1::bigint[]) AS conversation
    JOIN streams ON topic = 'conversation:' || conversation
    CROSS JOIN LATERAL (SELECT now() - interval '1 day' + (last_seq + n) * interval '1 ms') AS t(at)
"""
_EVENTS = """
    INSERT INTO events (topic, seq, at, name, data)
    SELECT 'conversation:' || conversation, last_seq + n,
        now() - $4::interval + (last_seq + n) * interval '1 ms', 'message.created', $3
    FROM generate_series(1, $2::bigint) AS n
    CROSS JOIN unnest($1::bigint[]) AS conversation
    JOIN streams ON topic = 'conversation:' || conversation
"""
_MOVE_ON = """
    UPDATE streams SET last_seq = last_seq + $2,
        last_at = now() - interval '1 day' + (last_seq + $2) * interval '1 ms'
    FROM unnest($1::bigint[]) AS conversation WHERE topic = 'conversation:' || conversation
"""
_COUNT = """
    UPDATE conversations SET messages_count = messages_count + $2 WHERE id = ANY($1::bigint[])
"""

Ids = Sequence[int]
# About as long as that of a message.
DATA = json.dumps({"message": {"body": "ok", "padding": "." * 300}})


class Filling:
    def __init__(self, connection: asyncpg.Connection) -> None:
        self._connection = connection

    async def people(self, count: int) -> Ids:
        last = await self._connection.fetchval("SELECT coalesce(max(id), 0) FROM users")
        return [row["id"] for row in await self._connection.fetch(_PEOPLE, last, count)]

    async def conversations(self, count: int, people: Ids) -> Ids:
        """Groups in which all of these people are."""
        ids = [row["id"] for row in await self._connection.fetch(_CONVERSATIONS, count)]
        await self._connection.execute(_MEMBERS, ids, people)
        return ids

    async def messages(
        self, conversations: Ids, authors: Ids, count: int, body: str = "ok"
    ) -> None:
        """So many in each, without their events: the log keeps only what is young."""
        await self._connection.execute(_MESSAGES, conversations, authors, count, body)
        await self._connection.execute(_COUNT, conversations, count)
        await self.move_on(conversations, count)

    async def events(
        self, conversations: Ids, count: int, age: timedelta = timedelta(days=1)
    ) -> None:
        """So many in the log of each, which tell of nothing in particular."""
        await self._connection.execute(_EVENTS, conversations, count, DATA, age)
        await self.move_on(conversations, count)

    async def move_on(self, conversations: Ids, count: int) -> None:
        """As if so much had happened in each."""
        await self._connection.execute(_MOVE_ON, conversations, count)


@asynccontextmanager
async def filling(url: str) -> AsyncIterator[tuple[Filling, Any]]:
    """The second is the connection itself. The planner knows what was filled, afterwards.

    Nothing checks references meanwhile, and the index of the search is made anew at the end: both
    would take longer than all the rest.
    """
    connection = await asyncpg.connect(
        url.replace("+asyncpg", ""),
        command_timeout=None,
        server_settings={"statement_timeout": "0"},
    )
    try:
        index = await connection.fetchval("SELECT pg_get_indexdef('ix_messages_search'::regclass)")
        await connection.execute("DROP INDEX ix_messages_search")
        await connection.execute("SET maintenance_work_mem = '256MB'")
        await connection.execute("SET session_replication_role = replica")
        yield Filling(connection), connection
        await connection.execute(index)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
