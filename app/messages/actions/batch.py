"""The single statement by which many plain messages are posted, to whatever conversations."""

from collections.abc import Sequence
from typing import Any

from app.kit import log
from app.messages.actions.said import Said
from app.messages.events import MESSAGE_CREATED, message_created_data, message_created_rest
from app.unread.mentions import NOBODY

# As in the statement of a single one, but that a conversation's places are taken by several, in
# the order in which they came. Who is not in the conversation, and whose `client_id` is there
# already, gets none: so there are no holes. What was written since the statement began it does not
# see, and the index refuses the whole batch.
#
# The memberships need no order: whoever else locks several of a conversation holds its log.
_STATEMENT = """
    WITH draft AS (
        SELECT * FROM unnest(
            $1::text[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[]
        ) WITH ORDINALITY AS draft(topic, conversation_id, user_id, body, client_id, rest, n)
    ),
    place AS ({next_places}),
    seat AS (
        SELECT draft.*, place.seq, place.at
        FROM place JOIN draft USING (topic) JOIN participants USING (conversation_id, user_id)
        WHERE NOT EXISTS (
            SELECT FROM messages
            WHERE messages.conversation_id = draft.conversation_id
                AND messages.user_id = draft.user_id AND messages.client_id = draft.client_id
        )
        FOR KEY SHARE OF participants
    ),
    placed AS (
        SELECT nextval('messages_id_seq') AS id,
            n, topic, conversation_id, user_id, body, client_id, rest,
            seq + row_number() OVER earlier - 1 AS seq,
            at + (row_number() OVER earlier - 1) * interval '1 microsecond' AS created_at
        FROM seat WINDOW earlier AS (PARTITION BY topic ORDER BY n)
    ),
    message AS (
        INSERT INTO messages (
            id, conversation_id, user_id, seq, body, client_id, created_at, updated_at
        )
        SELECT id, conversation_id, user_id, seq, body, client_id, created_at, created_at
        FROM placed
    ),
    newest AS (
        SELECT conversation_id, topic, max(seq) AS seq, max(created_at) AS at, count(*) AS count
        FROM placed GROUP BY conversation_id, topic
    ),
    active AS (
        UPDATE conversations
        SET updated_at = newest.at, messages_count = messages_count + newest.count
        FROM newest WHERE conversations.id = newest.conversation_id
    ),
    own AS (
        UPDATE participants SET read_count = read_count + said.count
        FROM (
            SELECT conversation_id, user_id, count(*) AS count
            FROM placed GROUP BY conversation_id, user_id
        ) AS said
        WHERE participants.conversation_id = said.conversation_id
            AND participants.user_id = said.user_id
    ),
    head AS (
        UPDATE streams SET last_seq = newest.seq, last_at = newest.at
        FROM newest WHERE streams.topic = newest.topic
    ),
    event AS (SELECT n, topic, seq, created_at AS at, {data} AS data FROM placed),
    told AS (
        INSERT INTO events (topic, seq, at, name, data)
        SELECT topic, seq, at, '{name}', data FROM event
    )
    SELECT n, topic, seq, at, data FROM event
"""


def _posting(next_places: str) -> str:
    data = message_created_data(is_reply=False, has_files=False, rest="rest")
    return _STATEMENT.format(next_places=next_places, name=MESSAGE_CREATED, data=data)


IN_FREE_PLACES = _posting(f"{log.next_places('$1')} SKIP LOCKED")
IN_ONE_PLACE = _posting(log.next_places("$1"))


def columns(drafts: Sequence[Said]) -> Sequence[list[Any]]:
    """The values of $1, $2, ..."""
    return (
        [said.topic for said in drafts],
        [said.conversation_id for said in drafts],
        [said.author_id for said in drafts],
        [said.draft.body for said in drafts],
        [said.draft.client_id for said in drafts],
        [
            message_created_rest(said.conversation_id, said.author_id, said.draft, NOBODY)
            for said in drafts
        ],
    )
