"""GET /conversations/:id/members"""

import pytest

from tests.answers import refusal
from tests.conversations.test_starting import crowd
from tests.counting import count_queries
from tests.members.groups import Group


async def test_members_come_with_their_role_and_since_when(group: Group) -> None:
    answer = await group.carol.client.get(f"{group.path}/members")

    assert answer.status_code == 200
    assert [(one["username"], one["role"]) for one in answer.json()] == [
        ("alice", "owner"),
        ("bob", "admin"),
        ("carol", "member"),
        ("dave", "member"),
    ]
    assert [one["email"] for one in answer.json()] == [None, None, "carol@example.com", None]
    assert answer.json() == (await group.open(group.carol))["participants"]


async def test_an_outsider_sees_nobody(group: Group) -> None:
    assert refusal(await group.mallory.client.get(f"{group.path}/members")) == (404, "not_found")
    nobody = await group.house.client().get(f"{group.path}/members")
    assert refusal(nobody) == (401, "unauthenticated")


@pytest.mark.parametrize("size", [1, 2, 3, 7])
async def test_pages_visit_everybody_once_there_and_back(group: Group, size: int) -> None:
    ids = await crowd(group.house, 3)
    await group.add(group.alice, *ids)
    everybody = [one.id for one in group.members.values()] + ids

    page = await group.dave.client.get(f"{group.path}/members", params={"limit": size})
    forwards = [one["id"] for one in page.json()]
    while link := page.links.get("next"):
        page = await group.dave.client.get(link["url"])
        forwards += [one["id"] for one in page.json()]
        assert len(forwards) <= 7, "it goes round and round"
    backwards = [one["id"] for one in page.json()]
    while link := page.links.get("prev"):
        page = await group.dave.client.get(link["url"])
        backwards = [one["id"] for one in page.json()] + backwards
        assert len(backwards) <= 7, "it goes round and round"

    assert forwards == backwards == everybody


async def test_a_long_list_costs_no_more_queries_than_a_short_one(group: Group) -> None:
    async def cost(query: str) -> int:
        async with count_queries(group.house) as queries:
            answer = await group.alice.client.get(f"{group.path}/members{query}")
            assert answer.status_code == 200
        return len(queries)

    short = await cost("?limit=200")
    await group.add(group.alice, *await crowd(group.house, 60))

    assert await cost("?limit=200") == await cost("") == short <= 2


async def test_cursors_and_limits_that_are_none_are_refused(group: Group) -> None:
    for query, code in (("cursor=x", "cursor_invalid"), ("limit=x", "limit_not_an_integer")):
        answer = await group.alice.client.get(f"{group.path}/members?{query}")
        assert refusal(answer) == (422, code)
