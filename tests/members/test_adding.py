"""POST /conversations/:id/members"""

import pytest
from sqlalchemy import text

from tests.answers import refusal
from tests.conversations.test_starting import crowd
from tests.counting import count_queries
from tests.members.groups import Group


async def test_the_owner_and_admins_add_people(group: Group) -> None:
    eve = await group.house.person("eve")

    by_owner = await group.add(group.alice, group.mallory)
    by_admin = await group.add(group.bob, eve.id)
    by_member = await group.add(group.carol, await group.house.person("frank"))

    assert by_owner.status_code == by_admin.status_code == 201
    assert refusal(by_member) == (403, "admins_only")
    assert await group.roles() == {
        **{"alice": "owner", "bob": "admin", "carol": "member", "dave": "member"},
        **{"mallory": "member", "eve": "member"},
    }


async def test_the_answer_shows_those_who_were_named(group: Group) -> None:
    added = (await group.add(group.alice, group.mallory, group.bob)).json()

    assert added["conversation"]["id"] == group.conversation.id
    assert [one["username"] for one in added["members"]] == ["bob", "mallory"]
    (_, mallory) = added["members"]
    assert mallory == {
        "id": group.mallory.id,
        "email": None,
        "username": "mallory",
        "name": "Mallory",
        "avatar_url": None,
        "role": "member",
        "joined_at": mallory["joined_at"],
    }


async def test_everybody_hears_of_it_and_the_newcomer_on_their_own_topic(group: Group) -> None:
    here = (await group.mallory.client.get("/events")).json()["cursor"]

    (mallory,) = (await group.add(group.bob, group.mallory)).json()["members"]
    await group.post(group.carol, "Welcome")

    *_, event, welcome = await group.events()
    assert event == {
        "type": "member.added",
        "conversation_id": group.conversation.id,
        "seq": event["seq"],
        "at": event["at"],
        "member": mallory,
        "by": group.bob.id,
    }
    answer = await group.mallory.client.get("/events", params={"since": here})
    own, *rest = answer.json()["events"]
    now = (await group.open(group.mallory))["conversation"]
    assert own == {
        "type": "membership.began",
        "user_id": group.mallory.id,
        "seq": own["seq"],
        "at": own["at"],
        "conversation": now | {"updated_at": now["created_at"]},  # Nothing was said before.
        "member": mallory,
        "by": group.bob.id,
    }
    # What happened before they came is history, and no news.
    assert rest == [event, welcome]


async def test_a_newcomer_reads_the_whole_history(group: Group) -> None:
    await group.post(group.alice, "long ago")
    before = await group.mallory.client.get(f"{group.path}/messages")

    await group.add(group.alice, group.mallory)

    assert refusal(before) == (404, "not_found")
    after = await group.mallory.client.get(f"{group.path}/messages")
    assert [message["body"] for message in after.json()["messages"]] == ["long ago"]
    assert await group.events(group.mallory) == await group.events(group.alice)


async def test_who_is_in_already_stays_as_they_are_and_nobody_is_told(group: Group) -> None:
    before = await group.events()

    again = await group.add(group.alice, group.bob, group.alice, group.bob.id)

    assert again.status_code == 201
    assert (await group.roles())["bob"] == "admin"
    assert await group.events() == before


async def test_an_outsider_adds_nobody(group: Group) -> None:
    eve = await group.house.person("eve")

    for whom in (eve, group.mallory):
        assert refusal(await group.add(group.mallory, whom)) == (404, "not_found")
    assert (await group.add(group.alice, eve)).status_code == 201


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        ([], "user_ids_blank"),
        (None, "user_ids_not_a_list"),
        (["x"], "user_ids_not_an_integer"),
        ([1.5], "user_ids_not_an_integer"),
        ([2**40], "user_ids_unknown"),
        ([0], "user_ids_unknown"),
        (list(range(1, 102)), "user_ids_too_many"),
    ],
)
async def test_who_is_named_must_be_somebody(group: Group, ids: object, code: str) -> None:
    refused = await group.alice.client.post(f"{group.path}/members", json={"user_ids": ids})

    assert refusal(refused) == (422, code)
    assert len(await group.roles()) == 4


async def test_one_who_does_not_exist_keeps_all_out(group: Group) -> None:
    assert refusal(await group.add(group.alice, group.mallory, 2**40)) == (422, "user_ids_unknown")
    assert "mallory" not in await group.roles()


async def test_somebody_who_closed_their_account_is_not_added(group: Group) -> None:
    close = text("UPDATE users SET deleted_at = now(), email = NULL WHERE id = :id")
    async with group.house.session() as session:
        await session.execute(close, {"id": group.mallory.id})

    assert refusal(await group.add(group.alice, group.mallory)) == (422, "user_ids_unknown")


async def test_a_group_has_a_thousand_members_at_most(group: Group) -> None:
    others = await crowd(group.house, 997)
    fill = text(
        "INSERT INTO participants (conversation_id, user_id)"
        " SELECT :id, unnest(cast(:ids AS bigint[]))"
    )
    async with group.house.session() as session:
        await session.execute(fill, {"id": group.conversation.id, "ids": others[:995]})
    token = await group.token()

    two_more = await group.add(group.alice, *others[995:])
    one_more = await group.add(group.alice, others[995])
    full = await group.add(group.alice, group.mallory)
    by_invite = await group.mallory.client.post("/invites/accept", json={"token": token})

    assert refusal(two_more) == (409, "group_full")
    assert one_more.status_code == 201
    assert refusal(full) == refusal(by_invite) == (409, "group_full")
    assert len((await group.open(group.alice))["participants"]) == 1_000


async def test_many_cost_no_more_queries_than_one(group: Group) -> None:
    one, *others = await crowd(group.house, 100)

    async with count_queries(group.house) as of_one:
        assert (await group.add(group.alice, one)).status_code == 201
    async with count_queries(group.house) as of_many:
        assert (await group.add(group.alice, *others)).status_code == 201

    # People who were never told of anything have no topic yet: one statement lets all begin.
    assert len(of_one) == len(of_many) <= 16


# A direct conversation.


async def test_a_third_person_makes_a_group_and_the_old_words_stay_private(group: Group) -> None:
    direct = await group.house.conversation(group.alice, group.bob)
    await group.house.message(direct, group.bob, "between us")
    members = f"/conversations/{direct.id}/members"

    added = await group.alice.client.post(members, json={"user_ids": [group.carol.id]})

    assert added.status_code == 201
    new = added.json()["conversation"]
    assert new["id"] != direct.id
    assert new["group"] is True
    roles = {one["username"]: one["role"] for one in added.json()["members"]}
    assert roles == {"alice": "owner", "bob": "member", "carol": "member"}
    for path, status in (
        (f"/conversations/{direct.id}", 404),
        (f"/conversations/{new['id']}", 200),
    ):
        assert (await group.carol.client.get(path)).status_code == status
    opened = (await group.carol.client.get(f"/conversations/{new['id']}")).json()
    assert opened["messages"] == []
    assert len((await group.bob.client.get(members)).json()) == 2


async def test_a_direct_conversation_has_nobody_to_add_remove_or_promote(group: Group) -> None:
    direct = await group.house.conversation(group.alice, group.bob)
    path, client = f"/conversations/{direct.id}", group.alice.client

    async def ask(method: str, rest: str, json: object = None) -> tuple[int, str]:
        return refusal(await client.request(method, path + rest, json=json))

    for ids in ([group.bob.id], [group.alice.id, group.bob.id]):
        assert await ask("POST", "/members", {"user_ids": ids}) == (422, "user_ids_blank")
    assert await ask("POST", "/members", {"user_ids": [2**40]}) == (422, "user_ids_unknown")
    direct_conversation = (409, "direct_conversation")
    for person in (group.alice, group.bob):
        assert await ask("DELETE", f"/members/{person.id}") == direct_conversation
    assert await ask("PATCH", f"/members/{group.bob.id}", {"role": "admin"}) == direct_conversation
    assert await ask("PATCH", "", {"title": "Us"}) == direct_conversation
    assert await ask("POST", "/invites", {}) == direct_conversation
    assert await ask("GET", "/invites") == direct_conversation
    assert await ask("DELETE", "/invites/1") == direct_conversation
    assert (await client.get(path)).json()["conversation"]["title"] is None
