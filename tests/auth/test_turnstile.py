"""The door for whoever reads: many pass it with one question, and each by their own right."""

import asyncio

from app.auth.access import Reader, Turnstile
from app.kit.errors import NotFound
from tests.counting import count_queries
from tests.factories import House


async def test_those_who_come_at_once_share_a_question(house: House) -> None:
    alice, bob, mallory = [await house.person(name) for name in ("alice", "bob", "mallory")]
    here = await house.conversation(alice, bob)
    there = await house.conversation(bob, mallory)
    await house.message(there, bob)
    asked = [
        (conversation_id, person.id)
        for conversation_id in (here.id, there.id, 10**17)
        for person in (alice, bob, mallory)
    ]
    turnstile = Turnstile(house.database)

    async with count_queries(house) as queries:
        entered = await asyncio.gather(
            *(turnstile.enter(*one) for one in asked), return_exceptions=True
        )

    seqs = [one.position.seq if isinstance(one, Reader) else type(one) for one in entered]
    assert seqs == [0, 0, NotFound, NotFound, 1, 1, NotFound, NotFound, NotFound]
    assert [(one.conversation_id, one.user_id) for one in entered if isinstance(one, Reader)] == [
        asked[0],
        asked[1],
        asked[4],
        asked[5],
    ]
    assert len(queries) == 1


async def test_each_is_asked_for_anew(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    turnstile = Turnstile(house.database)
    before = await turnstile.enter(conversation.id, alice.id)

    await house.message(conversation, bob)
    after = await turnstile.enter(conversation.id, alice.id)

    assert (before.position.seq, after.position.seq) == (0, 1)
    assert before.position.epoch == after.position.epoch
