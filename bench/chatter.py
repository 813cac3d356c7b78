"""A million messages in a realistic spread: made up, seeded, and the same each time."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

import asyncpg

MESSAGES, CONVERSATIONS, PEOPLE = 1_000_000, 5_000, 2_000
ME, MINE, MINE_OF_THE_BUSIEST = 1, 200, 10
# A word that is in one message of ten thousand.
RARE = "zugzwang"
_VOCABULARY = 20_000
_COMMON = "the to and you is it for of we that in on can do not with this have so are just what ok "
_COMMON += "be at but if my all meeting tomorrow please thanks when will"
_SYLLABLES = {
    "latin": "ba co de fi gra hol in jor kel lum mer no os pre qui ron sta ter ul ver wan xi yo",
    "accents": "é à ü ño çe ré mö ště żo ły på sø ân îl cré ber lon ma ti ver du ro",
    "cyrillic": "при вет мос ква до бро ут ро ста но вич ка ли на зав тра ско ро вы хо",
}
_HAN, _KANA = (0x4E00, 3_000), (0x3042, 80)
_EMOJI = "👍😀🎉❤🔥🙏😂🚀👀✅"


def _zipf(count: int, steepness: float = 1.0) -> list[float]:
    return list(accumulate(1 / (rank + 2) ** steepness for rank in range(count)))


def _words(dice: random.Random, kind: str) -> list[str]:
    syllables = _SYLLABLES[kind].split()
    made = ("".join(dice.choices(syllables, k=dice.choice((1, 2, 3, 3, 4)))) for _ in range(10**6))
    common = _COMMON.split() if kind != "cyrillic" else []
    return list(dict.fromkeys([*common, *(next(made) for _ in range(_VOCABULARY))]))


def _bodies(dice: random.Random) -> Iterator[str]:
    """Of ten, six in Latin letters, two with accents, one Cyrillic, one Chinese or Japanese."""
    kinds = ["latin"] * 6 + ["accents"] * 2 + ["cyrillic"]
    words = {kind: _words(dice, kind) for kind in _SYLLABLES}
    weights = {kind: _zipf(len(words[kind])) for kind in words}
    signs = [chr(first + step) for first, count in (_KANA, _HAN) for step in range(count)]
    dice.shuffle(signs)
    sign_weights = _zipf(len(signs), 0.9)
    while True:
        kind = dice.choice([*kinds, "signs"])
        length = min(int(dice.lognormvariate(2.2, 0.8)) + 1, 200)
        if kind == "signs":
            body = "".join(dice.choices(signs, cum_weights=sign_weights, k=2 * length))
        else:
            body = " ".join(dice.choices(words[kind], cum_weights=weights[kind], k=length))
        if dice.random() < 0.05:
            body += " " + dice.choice(_EMOJI)
        yield body + f" {RARE}" if dice.random() < 1 / 10_000 else body


def _conversations_of_mine(dice: random.Random) -> list[int]:
    busiest = dice.sample(range(1, 51), MINE_OF_THE_BUSIEST)
    return busiest + dice.sample(range(51, CONVERSATIONS + 1), MINE - MINE_OF_THE_BUSIEST)


def _memberships(dice: random.Random) -> Iterator[tuple[int, int]]:
    for conversation in _conversations_of_mine(dice):
        yield conversation, ME
    for conversation in range(1, CONVERSATIONS + 1):
        for user in dice.sample(range(2, PEOPLE + 1), dice.choice((2, 3, 5, 10))):
            yield conversation, user


def _messages(dice: random.Random) -> Iterator[tuple[object, ...]]:
    """Shape: conversation, author, seq, body, and twice the time: one second after another."""
    conversations = dice.choices(
        range(1, CONVERSATIONS + 1), cum_weights=_zipf(CONVERSATIONS, 0.7), k=MESSAGES
    )
    seqs = [0] * (CONVERSATIONS + 1)
    at = datetime(2024, 1, 1, tzinfo=UTC)
    for conversation, body in zip(conversations, _bodies(dice), strict=False):
        seqs[conversation] += 1
        at += timedelta(seconds=30)
        yield conversation, dice.randint(1, PEOPLE), seqs[conversation], body, at, at


async def fill(url: str, seed: int = 1) -> None:
    """Raises: asyncpg's errors if the tables are not there, or not empty."""
    dice = random.Random(seed)
    connection = await asyncpg.connect(url, server_settings={"statement_timeout": "0"})
    await connection.execute("SET maintenance_work_mem = '512MB'")
    index = await connection.fetchval("SELECT pg_get_indexdef('ix_messages_search'::regclass)")
    await connection.execute("DROP INDEX ix_messages_search")
    await connection.execute(
        "INSERT INTO users (email, username, name, encrypted_password)"
        " SELECT n || '@example.com', 'person' || n, 'Person', '!'"
        f" FROM generate_series(1, {PEOPLE}) n"
    )
    await connection.execute(
        'INSERT INTO conversations (title, "group")'
        f" SELECT 'Group ' || n, true FROM generate_series(1, {CONVERSATIONS}) n"
    )
    await connection.copy_records_to_table(
        "participants", records=_memberships(dice), columns=["conversation_id", "user_id"]
    )
    await connection.copy_records_to_table(
        "messages",
        records=_messages(dice),
        columns=["conversation_id", "user_id", "seq", "body", "created_at", "updated_at"],
    )
    await connection.execute(index)
    await connection.execute("VACUUM ANALYZE")
    await connection.close()
