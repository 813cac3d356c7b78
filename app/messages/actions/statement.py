"""The single statement by which a message is posted."""

from sqlalchemy import TextClause, text

from app.kit import log
from app.messages.events import message_created_data
from app.messages.schemas import QUOTE_MAX_CHARACTERS

# Takes the conversation's next place, writes the message and its event there, and makes the
# conversation the most recently active one: a single statement, because a round trip to Postgres
# costs more than anything else here. A `client_id` that was used before inserts nothing; copies
# that come at once wait for each other. Nor does somebody who is no longer in the conversation
# insert anything: the membership is looked at, and kept, when the place has been taken, and whoever
# removes people holds the same place.
#
# A reply's quote is read when the place has been taken, and so under the same lock as whatever
# changes a message: words that were withdrawn while it waited are in no quote.
_STATEMENT = """
    WITH place AS ({next_place}),
    seat AS (
        SELECT place.seq, place.at FROM place, participants
        WHERE conversation_id = :conversation_id AND user_id = :user_id
        FOR KEY SHARE OF participants
    ),
{quoted}    message AS (
        INSERT INTO messages
            (conversation_id, user_id, seq, body, client_id, reply_to_id, created_at, updated_at)
        SELECT :conversation_id, :user_id, seat.seq, :body, :client_id, :reply_to, seat.at, seat.at
        FROM seat
        ON CONFLICT (conversation_id, user_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
        RETURNING id, seq, created_at
    ),
    active AS (
        UPDATE conversations SET updated_at = message.created_at
        FROM message WHERE conversations.id = :conversation_id
    ),
    head AS (
        UPDATE streams SET last_seq = message.seq, last_at = message.created_at
        FROM message WHERE streams.topic = :topic
    )
    INSERT INTO events (topic, seq, at, name, data)
    SELECT :topic, seq, created_at, :name, {data} FROM message
    RETURNING seq, at, data
"""

_QUOTED = f"""
    quoted AS (
        SELECT id, user_id, left(body, {QUOTE_MAX_CHARACTERS}) AS body FROM place, messages
        WHERE id = :reply_to AND conversation_id = :conversation_id
        FOR SHARE OF messages
    ),
"""


def _statement(*, is_reply: bool) -> TextClause:
    quoted = _QUOTED if is_reply else ""
    data = message_created_data(is_reply=is_reply)
    return text(_STATEMENT.format(next_place=log.NEXT_PLACE, quoted=quoted, data=data))


POST, REPLY = _statement(is_reply=False), _statement(is_reply=True)
