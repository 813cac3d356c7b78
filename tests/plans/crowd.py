"""A million messages, and Alice, who has been everywhere."""

from dataclasses import dataclass

from bench.filling import filling

PEOPLE, MINE, OTHERS = 10_000, 1_000, 200_000
PEOPLE_IN_EACH, IN_MINE, IN_OTHERS, IN_BIGGEST = 5, 20, 3, 400_000
# The newest in the biggest conversation: each answers one before it, and calls Alice.
REPLIES = 2_000
PINS, ARCHIVED, FAVOURITES = 20, 10, 25


@dataclass(frozen=True)
class Crowd:
    """Alice, the biggest of her conversations, and a message there, a while before its end."""

    alice: int
    conversation_id: int
    message_id: int


async def gather(url: str) -> Crowd:
    async with filling(url) as (fill, connection):
        alice, *others = await fill.people(PEOPLE)
        friends, strangers = [alice, *others[:4]], others[4:6]
        biggest, *mine = await fill.conversations(MINE, friends)
        theirs = await fill.conversations(OTHERS, strangers)
        await fill.messages([biggest], friends, IN_BIGGEST - REPLIES)
        await fill.messages(mine, friends, IN_MINE)
        await fill.messages(theirs, strangers, IN_OTHERS)
        await fill.events(theirs[:20_000], 1)
        await connection.execute(_life(biggest, alice))
        await fill.move_on([biggest], REPLIES)
        message_id = await connection.fetchval(
            "SELECT min(reply_to_id) FROM messages WHERE conversation_id = $1 AND user_id = $2",
            biggest,
            alice,
        )
    return Crowd(alice, biggest, message_id)


def _life(biggest: int, alice: int) -> str:
    return f"""
        INSERT INTO messages (conversation_id, user_id, seq, body, created_at, updated_at,
            reply_to_id, mentioned_ids)
        SELECT conversation_id, user_id, seq + {REPLIES}, 'I see, @alice', at, at, id, '{{{alice}}}'
        FROM messages, LATERAL (SELECT created_at + {REPLIES} * interval '1 ms') AS later(at)
        WHERE conversation_id = {biggest} AND seq > {IN_BIGGEST - 2 * REPLIES};

        INSERT INTO reactions (message_id, emoji, user_id, created_at)
        SELECT id, emoji, {alice}, created_at FROM messages, unnest('{{👍,🎉}}'::text[]) AS emoji
        WHERE conversation_id = {biggest} AND seq % 4 = 0;

        UPDATE messages SET pinned_at = created_at, pinned_by_id = {alice}
        WHERE conversation_id = {biggest} AND seq % {IN_BIGGEST // PINS} = 0;

        UPDATE participants SET archived = conversation_id % {MINE // ARCHIVED} = 0,
            favourite = conversation_id % {MINE // FAVOURITES} = 1
        WHERE user_id = {alice};
    """
