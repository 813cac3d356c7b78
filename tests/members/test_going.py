"""DELETE /conversations/:id/members/:user_id"""

import pytest
from sqlalchemy import text

from app.kit.errors import NotFound
from app.messages import actions as messages
from app.messages.schemas import MessageDraft
from app.receipts.marks import Mark
from tests.answers import refusal
from tests.counting import count_queries
from tests.members.groups import Group

# Who may remove whom.
RIGHTS = {
    ("alice", "bob"): 204,
    ("alice", "carol"): 204,
    ("bob", "alice"): (403, "outranked"),
    ("bob", "carol"): 204,
    ("bob", "eve"): (403, "outranked"),
    ("carol", "alice"): (403, "admins_only"),
    ("carol", "bob"): (403, "admins_only"),
    ("carol", "dave"): (403, "admins_only"),
    ("mallory", "carol"): (404, "not_found"),
    ("mallory", "mallory"): (404, "not_found"),
    ("alice", "mallory"): (404, "not_found"),
    ("carol", "carol"): 204,
    ("bob", "bob"): 204,
    ("alice", "alice"): 204,
}


@pytest.mark.parametrize(("remover", "whom"), RIGHTS)
async def test_one_removes_those_of_a_lower_role_and_oneself(
    group: Group, remover: str, whom: str
) -> None:
    eve = await group.house.person("eve")
    await group.add(group.alice, eve)
    await group.give_role(group.alice, eve, "admin")
    people = group.members | {"eve": eve, "mallory": group.mallory}

    answer = await group.remove(people[remover], people[whom])

    allowed = RIGHTS[remover, whom] == 204
    assert (answer.status_code if allowed else refusal(answer)) == RIGHTS[remover, whom]
    roles = await group.roles(group.dave)
    assert set(roles) == {"alice", "bob", "carol", "dave", "eve"} - ({whom} if allowed else set())


async def test_everybody_hears_of_it_and_who_is_gone_on_their_own_topic(group: Group) -> None:
    here = (await group.carol.client.get("/events")).json()["cursor"]

    await group.remove(group.bob, group.carol)
    await group.post(group.alice, "not for carol")

    event = (await group.events())[-2]
    assert event == {
        "type": "member.removed",
        "conversation_id": group.conversation.id,
        "seq": event["seq"],
        "at": event["at"],
        "member": {"id": group.carol.id},
        "by": group.bob.id,
    }
    answer = await group.carol.client.get("/events", params={"since": here})
    (own,) = answer.json()["events"]
    assert own == {
        "type": "membership.ended",
        "user_id": group.carol.id,
        "seq": own["seq"],
        "at": own["at"],
        "conversation": {"id": group.conversation.id},
        "by": group.bob.id,
    }


async def test_who_was_removed_finds_every_address_closed(group: Group) -> None:
    await group.post(group.carol, "mine", client_id="c1")
    tag = (await group.carol.client.get(group.path)).headers["etag"]
    requests = [
        ("GET", "", None),
        ("GET", "/messages", None),
        ("GET", "/events?since=0", None),
        ("GET", "/members", None),
        ("GET", "/invites", None),
        ("POST", "/messages", {"body": "mine", "client_id": "c1"}),
        ("POST", "/members", {"user_ids": [group.carol.id]}),
        ("PATCH", "", {"title": "Mine"}),
        ("DELETE", f"/members/{group.carol.id}", None),
    ]

    async def ask(method: str, rest: str, json: object) -> int:
        headers = {"If-None-Match": tag}
        answer = await group.carol.client.request(
            method, group.path + rest, json=json, headers=headers
        )
        return answer.status_code

    before = [await ask(*request) for request in requests[:4]]
    await group.remove(group.alice, group.carol)
    after = [await ask(*request) for request in requests]

    assert before == [304, 200, 200, 200]
    assert after == [404] * len(requests)
    assert (await group.carol.client.get("/conversations")).json() == []


async def test_who_is_removed_after_the_door_does_nothing_more(group: Group) -> None:
    """As when the removal comes between the look at the door and what follows it."""
    draft = MessageDraft(body="mine", client_id="c1")
    conversation, carol = group.conversation, group.carol.user
    await group.post(group.carol, "mine", client_id="c1")
    await group.remove(group.alice, group.carol)

    for too_late in (draft, draft.model_copy(update={"client_id": None})):
        with pytest.raises(NotFound):
            async with group.house.session() as session:
                await messages.post_within(session, conversation.id, carol.id, too_late)
    with pytest.raises(NotFound):
        await group.house.state["ledger"].write((conversation.id, carol.id), Mark.read(1))
    assert (await group.news())[-1] == "member.removed"


async def test_who_comes_back_is_a_member_like_any_other(group: Group) -> None:
    await group.remove(group.alice, group.bob)
    await group.post(group.alice, "meanwhile")

    back = await group.add(group.alice, group.bob)

    assert [one["role"] for one in back.json()["members"]] == ["member"]
    messages = (await group.bob.client.get(f"{group.path}/messages")).json()["messages"]
    assert [message["body"] for message in messages] == ["meanwhile"]
    assert (await group.post(group.bob, "I am back")).status_code == 201
    assert await group.open(group.bob) == await group.open(group.bob)


# Succession.


async def test_the_owner_who_leaves_is_succeeded_by_the_admin_of_longest_standing(
    group: Group,
) -> None:
    await group.give_role(group.alice, group.dave, "admin")
    async with group.house.session() as session:  # All of them joined at one moment.
        later = "UPDATE participants SET created_at = now() + interval '1 hour' WHERE user_id = :id"
        await session.execute(text(later), {"id": group.bob.id})

    await group.leave(group.alice)

    assert await group.roles(group.bob) == {"bob": "admin", "carol": "member", "dave": "owner"}
    *_, removed, promoted = await group.events(group.bob)
    assert (removed["type"], removed["member"]) == ("member.removed", {"id": group.alice.id})
    assert promoted["type"] == "member.role_changed"
    assert (promoted["member"]["username"], promoted["member"]["role"]) == ("dave", "owner")
    assert promoted["by"] == group.alice.id


async def test_without_admins_the_member_of_longest_standing_succeeds(group: Group) -> None:
    await group.remove(group.alice, group.bob)
    async with group.house.session() as session:
        earlier = (
            "UPDATE participants SET created_at = now() - interval '1 hour' WHERE user_id = :id"
        )
        await session.execute(text(earlier), {"id": group.dave.id})

    await group.leave(group.alice)

    assert await group.roles(group.carol) == {"carol": "member", "dave": "owner"}


async def test_somebody_who_closed_their_account_does_not_succeed(group: Group) -> None:
    async with group.house.session() as session:
        close = text("UPDATE users SET deleted_at = now(), email = NULL WHERE id = :id")
        await session.execute(close, {"id": group.bob.id})

    await group.leave(group.alice)

    roles = await group.roles(group.carol)
    assert roles == {"bob": "admin", "carol": "owner", "dave": "member"}


async def test_the_last_one_may_leave_too(group: Group) -> None:
    for person in group.members.values():
        assert (await group.leave(person)).status_code == 204

    for person in group.members.values():
        assert (await person.client.get("/conversations")).json() == []


async def test_leaving_costs_a_fixed_number_of_queries(group: Group) -> None:
    async with count_queries(group.house) as of_a_member:
        await group.leave(group.carol)
    async with count_queries(group.house) as of_the_owner:
        await group.leave(group.alice)

    assert len(of_a_member) <= 6
    assert len(of_the_owner) <= 9
