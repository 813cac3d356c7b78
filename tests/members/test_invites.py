"""Links by which people join a group."""

import pytest
from sqlalchemy import text

from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House
from tests.members.groups import Group, accept

NOT_FOUND = (404, "not_found")


async def hours_pass(group: Group, hours: int) -> None:
    shift = text("UPDATE invites SET expires_at = expires_at - make_interval(hours => :hours)")
    async with group.house.session() as session:
        await session.execute(shift, {"hours": hours})


async def test_somebody_joins_by_an_invite_and_everybody_hears_of_it(group: Group) -> None:
    await group.post(group.alice, "long ago")
    token = await group.token(group.bob)

    joined = await accept(group.mallory, token)

    assert joined.status_code == 201
    assert joined.json()["conversation"]["id"] == group.conversation.id
    assert joined.json()["member"]["role"] == "member"
    opened = await group.open(group.mallory)
    assert [message["body"] for message in opened["messages"]] == ["long ago"]
    *_, event = await group.events()
    assert event["type"] == "member.added"
    assert event["member"] == joined.json()["member"]
    assert event["by"] == group.mallory.id


async def test_joining_again_changes_nothing_and_uses_nothing_up(group: Group) -> None:
    token = await group.token(uses=2)
    await accept(group.mallory, token)
    events = await group.events()

    again = [await accept(person, token) for person in (group.mallory, group.alice)]

    assert [answer.status_code for answer in again] == [200, 200]
    assert again[1].json()["member"]["role"] == "owner"
    assert await group.events() == events
    (left,) = (await group.alice.client.get(f"{group.path}/invites")).json()
    assert left["uses_left"] == 1


async def test_only_the_owner_and_admins_make_list_and_revoke_them(group: Group) -> None:
    made = await group.invite(group.alice, uses=3)
    one = f"{group.path}/invites/{made.json()['id']}"

    for person, refused in (
        (group.carol, (403, "admins_only")),
        (group.mallory, NOT_FOUND),
    ):
        assert refusal(await group.invite(person)) == refused
        assert refusal(await person.client.get(f"{group.path}/invites")) == refused
        assert refusal(await person.client.delete(one)) == refused
    listed = await group.bob.client.get(f"{group.path}/invites")
    assert listed.json() == [{k: v for k, v in made.json().items() if k != "token"}]
    assert (await group.bob.client.delete(one)).status_code == 204
    assert (await group.bob.client.get(f"{group.path}/invites")).json() == []
    assert refusal(await group.bob.client.delete(one)) == NOT_FOUND


async def test_a_token_is_shown_once_and_not_kept(group: Group) -> None:
    made = await group.invite(group.alice)

    assert made.headers["cache-control"] == "no-store"
    assert "token" not in (await group.alice.client.get(f"{group.path}/invites")).json()[0]
    async with group.house.session() as session:
        rows = (await session.execute(text("SELECT * FROM invites"))).mappings().all()
    assert made.json()["token"] not in str([dict(row) for row in rows])


async def test_a_good_one_beside_those_that_are_not(group: Group) -> None:
    """Unknown, expired, used up, revoked: nobody can tell one from another."""
    expired = await group.token(expires_in_hours=1)
    good = await group.token(expires_in_hours=48)
    await hours_pass(group, 2)
    used_up = await group.token(uses=1)
    assert (await accept(await group.house.person("eve"), used_up)).status_code == 201
    revoked = await group.invite(group.alice)
    await group.alice.client.delete(f"{group.path}/invites/{revoked.json()['id']}")
    unknown = good[:-1] + ("A" if good[-1] != "A" else "B")

    for token in (expired, used_up, revoked.json()["token"], unknown, "", "swordfish"):
        answer = await accept(group.mallory, token)
        assert refusal(answer) == NOT_FOUND
        assert answer.json()["error"] == "Not found"
    assert "mallory" not in await group.roles()
    assert (await accept(group.mallory, good)).status_code == 201


async def test_an_invite_is_good_while_whoever_made_it_may_invite(group: Group) -> None:
    token = await group.token(group.bob)
    eve, frank = await group.house.person("eve"), await group.house.person("frank")

    await group.give_role(group.alice, group.bob, "member")
    assert refusal(await accept(group.mallory, token)) == NOT_FOUND
    assert (await group.alice.client.get(f"{group.path}/invites")).json() == []
    await group.give_role(group.alice, group.bob, "admin")
    assert (await accept(eve, token)).status_code == 201
    await group.remove(group.alice, group.bob)
    assert refusal(await accept(frank, token)) == NOT_FOUND
    await group.add(group.alice, group.bob)
    await group.give_role(group.alice, group.bob, "admin")
    assert refusal(await accept(group.bob, token)) == NOT_FOUND


async def test_an_invite_of_another_group_is_not_revoked_from_here(group: Group) -> None:
    other = await group.house.conversation(group.mallory, group.carol, group.dave)
    made = await group.mallory.client.post(f"/conversations/{other.id}/invites", json={})

    foreign = await group.alice.client.delete(f"{group.path}/invites/{made.json()['id']}")

    assert refusal(foreign) == NOT_FOUND
    assert (await accept(group.alice, made.json()["token"])).status_code == 201


async def test_who_was_removed_may_come_back_by_an_invite(group: Group) -> None:
    token = await group.token()
    await group.remove(group.alice, group.carol)

    assert (await accept(group.carol, token)).status_code == 201
    assert (await group.post(group.carol)).status_code == 201


async def test_nobody_joins_without_an_account(group: Group) -> None:
    answer = await group.house.client().post("/invites/accept", json={"token": await group.token()})

    assert refusal(answer) == (401, "unauthenticated")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"expires_in_hours": 0}, "expires_in_hours_invalid"),
        ({"expires_in_hours": 721}, "expires_in_hours_invalid"),
        ({"expires_in_hours": 1.5}, "expires_in_hours_not_an_integer"),
        ({"expires_in_hours": None}, "expires_in_hours_not_an_integer"),
        ({"uses": 0}, "uses_invalid"),
        ({"uses": 1_001}, "uses_invalid"),
        ({"uses": "3"}, "uses_not_an_integer"),
    ],
)
async def test_bounds_of_an_invite(group: Group, fields: dict[str, object], code: str) -> None:
    assert refusal(await group.invite(group.alice, **fields)) == (422, code)
    assert (await group.invite(group.alice, expires_in_hours=720, uses=1_000)).status_code == 201


async def test_a_group_has_so_many_invites_and_no_more(group: Group) -> None:
    for _ in range(49):
        await group.token()
    await group.token(uses=1, expires_in_hours=720)

    assert refusal(await group.invite(group.alice)) == (409, "too_many_invites")
    await hours_pass(group, 24 * 7)  # Those that are spent make room.
    assert (await group.invite(group.alice)).status_code == 201
    assert len((await group.alice.client.get(f"{group.path}/invites")).json()) == 2
    async with group.house.session() as session:
        assert await session.scalar(text("SELECT count(*) FROM invites")) == 2


async def test_joining_costs_a_fixed_number_of_queries(house: House, group: Group) -> None:
    token = await group.token(uses=5)

    async with count_queries(house) as queries:
        assert (await accept(group.mallory, token)).status_code == 201

    assert len(queries) <= 15
