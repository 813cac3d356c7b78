"""The single statement by which one message is posted, whatever it is."""

from functools import cache

from sqlalchemy import TextClause, text

from app.attachments.queries import SHOWN
from app.kit import log
from app.messages.events import MENTION_CREATED, MENTION_CREATED_DATA, message_created_data
from app.messages.schemas import QUOTE_MAX_CHARACTERS

# Takes the conversation's next place, writes the message and its event there, and makes the
# conversation the most recently active one: a single statement, because a round trip to Postgres
# costs more than anything else here. A `client_id` that was used before inserts nothing; copies
# that come at once wait for each other. Nor does somebody who is no longer in the conversation
# insert anything: the membership is looked at, and kept, when the place has been taken, and whoever
# removes people holds the same place.
#
# Files are taken under the same lock, and each only once; if one of them cannot be, nothing is
# inserted. So what their event shows is what they are.
#
# A reply's quote is read when the place has been taken, and so under the same lock as whatever
# changes a message: words that were withdrawn while it waited are in no quote.
_STATEMENT = """
    WITH place AS ({next_place}),
{chosen}    seat AS (
        SELECT place.seq, place.at FROM place, participants
        WHERE conversation_id = :conversation_id AND user_id = :user_id {all_chosen}
        FOR KEY SHARE OF participants
    ),
{quoted}    message AS (
        INSERT INTO messages (
            conversation_id, user_id, seq, body, client_id, reply_to_id,
            mentioned_ids, mentions_everyone, attachments, created_at, updated_at
        )
        SELECT :conversation_id, :user_id, seat.seq, :body, :client_id, :reply_to,
            cast(:mentioned_ids AS bigint[]), :mentions_everyone, {shown}, seat.at, seat.at
        FROM seat
        ON CONFLICT (conversation_id, user_id, client_id) WHERE client_id IS NOT NULL DO NOTHING
        RETURNING id, seq, created_at
    ),
    active AS (
        UPDATE conversations
        SET updated_at = message.created_at, messages_count = messages_count + 1
        FROM message WHERE conversations.id = :conversation_id
    ),
    own AS (
        UPDATE participants SET read_count = read_count + 1
        FROM message WHERE conversation_id = :conversation_id AND user_id = :user_id
    ),
    head AS (
        UPDATE streams SET last_seq = message.seq, last_at = message.created_at
        FROM message WHERE streams.topic = :topic
    ){attached}{mentioned}
    INSERT INTO events (topic, seq, at, name, data)
    SELECT :topic, seq, created_at, :name, {data} FROM message {also}
    RETURNING topic, seq, at, name, data
"""

_CHOSEN = f"""
    chosen AS (
        SELECT attachments.* FROM place, attachments
        WHERE id = ANY(cast(:attachment_ids AS bigint[])) AND user_id = :user_id
            AND message_id IS NULL AND state IN ('processing', 'ready')
        FOR UPDATE OF attachments
    ),
    files AS (
        SELECT count(*) AS count, jsonb_agg(
            {SHOWN} ORDER BY array_position(cast(:attachment_ids AS bigint[]), id)
        ) AS shown
        FROM chosen
    ),
"""
_ALL_CHOSEN = """
            AND (SELECT count FROM files) = cardinality(cast(:attachment_ids AS bigint[]))"""
_ATTACHED = """,
    attached AS (
        UPDATE attachments SET message_id = message.id, updated_at = message.created_at
        FROM message, chosen WHERE attachments.id = chosen.id
    )"""

_QUOTED = f"""
    quoted AS (
        SELECT id, messages.seq, user_id, left(body, {QUOTE_MAX_CHARACTERS}) AS body
        FROM place, messages
        WHERE id = :reply_to AND conversation_id = :conversation_id
        FOR SHARE OF messages
    ),
"""

# Those who are mentioned have one more that is unread. Those who are named hear of it on logs of
# their own, which began when they came into their first conversation: they are locked after that of
# the conversation and the memberships, and in order of name, as everywhere. Whoever has left
# meanwhile hears nothing.
_MENTIONED = """,
    counted AS (
        SELECT counted.user_id FROM message, count_mention(
            :conversation_id, :user_id, cast(:mentioned_ids AS bigint[]), :mentions_everyone
        ) AS counted(user_id)
    ),
    mentioned AS (
        SELECT streams.topic, last_seq + 1 AS seq,
            greatest(clock_timestamp(), last_at + interval '1 microsecond') AS at
        FROM counted, streams
        WHERE user_id = ANY(cast(:mentioned_ids AS bigint[]))
            AND streams.topic = 'user:' || user_id
        ORDER BY streams.topic
        FOR UPDATE OF streams
    ),
    heads AS (
        UPDATE streams SET last_seq = mentioned.seq, last_at = mentioned.at
        FROM message, mentioned WHERE streams.topic = mentioned.topic
    )
"""
_ALSO = f"""
    UNION ALL
    SELECT mentioned.topic, mentioned.seq, mentioned.at, '{MENTION_CREATED}', {MENTION_CREATED_DATA}
    FROM message, mentioned
"""


@cache
def posting(*, is_reply: bool, is_call: bool, has_files: bool) -> TextClause:
    """`is_call`: somebody is mentioned, or everyone."""
    statement = _STATEMENT.format(
        next_place=log.NEXT_PLACE,
        quoted=_QUOTED if is_reply else "",
        chosen=_CHOSEN if has_files else "",
        all_chosen=_ALL_CHOSEN if has_files else "",
        shown="(SELECT shown FROM files)" if has_files else "NULL",
        attached=_ATTACHED if has_files else "",
        data=message_created_data(is_reply=is_reply, has_files=has_files),
        mentioned=_MENTIONED if is_call else "",
        also=_ALSO if is_call else "",
    )
    return text(statement)
