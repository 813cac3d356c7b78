"""GET /conversations/:id/presence"""

from tests.counting import count_queries
from tests.factories import House


async def test_everybody_is_in_the_list_in_order(house: House) -> None:
    people = [await house.person() for _ in range(3)]
    group = await house.conversation(*people)

    answer = await people[2].client.get(f"/conversations/{group.id}/presence")

    assert answer.json() == [
        {"user_id": person.id, "status": "offline", "last_seen_at": None} for person in people
    ]


async def test_however_many_are_in_it_two_questions_are_asked(house: House) -> None:
    alice, bob = await house.person(), await house.person()
    two = await house.conversation(alice, bob)
    twenty = await house.conversation(alice, *[await house.person() for _ in range(19)])

    for conversation, size in ((two, 2), (twenty, 20)):
        async with count_queries(house) as queries:
            answer = await alice.client.get(f"/conversations/{conversation.id}/presence")
        assert len(answer.json()) == size
        assert len(queries) == 2
