"""PATCH /conversations/:id/members/:user_id"""

import pytest
from sqlalchemy import text

from tests.answers import refusal
from tests.counting import count_queries
from tests.members.groups import Group


async def test_whoever_starts_a_group_owns_it(group: Group) -> None:
    async with group.house.session() as session:
        await session.execute(text("UPDATE users SET username = NULL"))
    started = await group.carol.client.post(
        "/conversations", json={"participant_ids": [group.alice.id, group.bob.id]}
    )

    roles = {one["id"]: one["role"] for one in started.json()["users"]}
    assert roles == {group.alice.id: "member", group.bob.id: "member", group.carol.id: "owner"}


async def test_the_owner_gives_and_takes_roles(group: Group) -> None:
    promoted = await group.give_role(group.alice, group.carol, "admin")
    demoted = await group.give_role(group.alice, group.bob, "member")

    assert promoted.status_code == demoted.status_code == 200
    assert (promoted.json()["username"], promoted.json()["role"]) == ("carol", "admin")
    assert await group.roles() == {
        "alice": "owner",
        "bob": "member",
        "carol": "admin",
        "dave": "member",
    }


async def test_the_owner_hands_over_and_becomes_an_admin(group: Group) -> None:
    before = len(await group.events())

    handed = await group.give_role(group.alice, group.carol, "owner")

    assert handed.json()["role"] == "owner"
    assert await group.roles() == {
        "alice": "admin",
        "bob": "admin",
        "carol": "owner",
        "dave": "member",
    }
    events = (await group.events())[before:]
    # There is never a second owner, for those who listen either.
    assert [(e["member"]["username"], e["member"]["role"]) for e in events] == [
        ("alice", "admin"),
        ("carol", "owner"),
    ]
    assert refusal(await group.give_role(group.alice, group.dave, "admin")) == (403, "owner_only")
    assert (await group.give_role(group.carol, group.dave, "admin")).status_code == 200


async def test_everybody_hears_of_a_role(group: Group) -> None:
    member = (await group.give_role(group.alice, group.carol, "admin")).json()

    *_, event = await group.events(group.dave)
    assert event == {
        "type": "member.role_changed",
        "conversation_id": group.conversation.id,
        "seq": event["seq"],
        "at": event["at"],
        "member": member,
        "by": group.alice.id,
    }


async def test_what_stays_as_it_is_is_no_news(group: Group) -> None:
    before = await group.events()

    for person, role in ((group.alice, "owner"), (group.bob, "admin"), (group.carol, "member")):
        answer = await group.give_role(group.alice, person, role)
        assert (answer.status_code, answer.json()["role"]) == (200, role)
    assert await group.events() == before


async def test_nobody_but_the_owner_gives_roles(group: Group) -> None:
    for person in (group.bob, group.carol):
        for whom in (group.bob, group.carol, group.dave):
            for role in ("owner", "admin", "member"):
                refused = await group.give_role(person, whom, role)
                assert refusal(refused) == (403, "owner_only")
    outsider = await group.give_role(group.mallory, group.mallory, "owner")
    assert refusal(outsider) == (404, "not_found")


async def test_an_owner_cannot_just_step_down(group: Group) -> None:
    for role in ("admin", "member"):
        refused = await group.give_role(group.alice, group.alice, role)
        assert refusal(refused) == (409, "hand_over_first")
    assert (await group.roles())["alice"] == "owner"


async def test_somebody_who_is_not_in_it_gets_no_role(group: Group) -> None:
    refused = await group.give_role(group.alice, group.mallory, "admin")

    assert refusal(refused) == (404, "not_found")


async def test_somebody_who_closed_their_account_gets_no_role(group: Group) -> None:
    close = text("UPDATE users SET deleted_at = now(), email = NULL WHERE id = :id")
    async with group.house.session() as session:
        await session.execute(close, {"id": group.carol.id})

    for role in ("admin", "owner"):
        refused = await group.give_role(group.alice, group.carol, role)
        assert refusal(refused) == (409, "account_closed")
    assert (await group.roles())["alice"] == "owner"


@pytest.mark.parametrize("role", ["Owner", "king", "", 1, None, [], {}])
async def test_a_role_is_one_of_three(group: Group, role: object) -> None:
    refused = await group.give_role(group.alice, group.carol, role)

    assert refused.status_code == 422
    assert refused.json()["code"].startswith("role_")


async def test_a_role_costs_a_fixed_number_of_queries(group: Group) -> None:
    async with count_queries(group.house) as queries:
        await group.give_role(group.alice, group.carol, "owner")

    assert len(queries) <= 11
