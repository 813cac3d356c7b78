"""GET /conversations/:id/receipts, and who is in it"""

from typing import Any

from tests.accounts.links import close
from tests.jobs import run_jobs
from tests.members.groups import Group
from tests.receipts.marks import mark, receipts, said


async def turn(group: Group, value: Any) -> dict[str, Any]:
    """Of Bob."""
    answer = await group.bob.client.put("/users/me", json={"read_receipts": value})
    assert answer.status_code == 200, answer.text
    user: dict[str, Any] = answer.json()["user"]
    return user


async def test_everybody_sees_who_has_read_how_far(group: Group) -> None:
    first, second = await said(group, group.alice), await said(group, group.alice)
    await mark(group, group.bob, "read", first)
    await mark(group, group.carol, "delivered", second)

    answer = (await group.alice.client.get(f"{group.path}/receipts")).json()

    bobs, carols = answer["receipts"]
    assert answer["seq"] == (await group.open(group.alice))["seq"]
    assert bobs == {
        "user_id": group.bob.id,
        "read_seq": first,
        "read_at": bobs["read_at"],
        "delivered_seq": first,
        "delivered_at": bobs["read_at"],
    }
    assert carols == {
        "user_id": group.carol.id,
        "read_seq": 0,
        "read_at": None,
        "delivered_seq": second,
        "delivered_at": carols["delivered_at"],
    }
    assert bobs["read_at"].endswith("Z")
    await mark(group, group.carol, "read", second)
    assert await receipts(group, group.carol) == await receipts(group, group.alice)


async def test_everybody_hears_of_it(group: Group) -> None:
    head = await said(group, group.alice)

    await mark(group, group.bob, "read", head)

    event = (await group.events())[-1]
    listed = (await group.alice.client.get(f"{group.path}/receipts")).json()["receipts"]
    assert event == {
        "type": "receipts.updated",
        "conversation_id": group.conversation.id,
        "seq": event["seq"],
        "at": event["at"],
        "receipts": listed,
    }


async def test_to_mark_as_unread_takes_nothing_back(group: Group) -> None:
    head = await said(group, group.alice)
    await mark(group, group.bob, "read", head)
    before = (await group.alice.client.get(f"{group.path}/receipts")).json()

    await mark(group, group.bob, "unread", head)
    await mark(group, group.bob, "read", head)

    assert (await group.alice.client.get(f"{group.path}/receipts")).json() == before
    assert (await group.news()).count("receipts.updated") == 1


async def test_who_has_left_is_not_in_it(group: Group) -> None:
    head = await said(group, group.alice)
    await mark(group, group.bob, "read", head)
    assert set(await receipts(group, group.alice)) == {group.bob.id}

    await group.leave(group.bob)

    assert await receipts(group, group.alice) == {}
    await group.add(group.alice, group.bob)
    assert await receipts(group, group.bob) == {}


# Whoever does not want others to know.


async def test_one_sees_for_oneself_whether_others_do(group: Group) -> None:
    me = (await group.bob.client.get("/users/me")).json()
    assert me["read_receipts"] is True

    assert (await turn(group, False))["read_receipts"] is False
    assert (await group.bob.client.get("/users/me")).json() == me | {"read_receipts": False}
    assert "read_receipts" not in (await group.open(group.bob))["participants"][1]


async def test_what_is_neither_true_nor_false_is_refused(group: Group) -> None:
    strange: list[Any] = [None, "false", 0, []]
    for value in strange:
        refused = await group.bob.client.put("/users/me", json={"read_receipts": value})
        assert refused.json()["code"] == "read_receipts_not_a_boolean"
    assert (await turn(group, True))["read_receipts"] is True


async def test_what_others_knew_is_gone_at_once_and_they_are_told(group: Group) -> None:
    head = await said(group, group.alice)
    await mark(group, group.bob, "read", head)
    await mark(group, group.carol, "read", head)

    await turn(group, False)

    assert set(await receipts(group, group.alice)) == {group.carol.id}
    await run_jobs(group.house)
    event = (await group.events())[-1]
    assert event == {
        "type": "receipts.removed",
        "conversation_id": group.conversation.id,
        "seq": event["seq"],
        "at": event["at"],
        "user_id": group.bob.id,
    }
    await turn(group, True)
    assert set(await receipts(group, group.alice)) == {group.carol.id}


async def test_nobody_hears_what_they_read_from_then_on(group: Group) -> None:
    head = await said(group, group.alice)
    await turn(group, False)
    await run_jobs(group.house)

    quiet = await mark(group, group.bob, "read", head)

    assert quiet.json()["unread_count"] == 0
    assert "receipts.updated" not in await group.news()
    await turn(group, True)
    assert await receipts(group, group.alice) == {}
    await mark(group, group.bob, "read", head)
    assert await receipts(group, group.alice) == {group.bob.id: (head, head)}


async def test_who_changes_their_mind_before_it_is_done_loses_nothing(group: Group) -> None:
    head = await said(group, group.alice)
    await mark(group, group.bob, "read", head)

    await turn(group, False)
    await turn(group, True)
    await run_jobs(group.house)

    assert await receipts(group, group.alice) == {group.bob.id: (head, head)}
    assert "receipts.removed" not in await group.news()


async def test_to_turn_it_off_again_is_nothing_to_do(group: Group) -> None:
    await turn(group, False)
    assert await run_jobs(group.house) == ["receipts.forget"]

    await turn(group, False)
    await turn(group, True)

    assert await run_jobs(group.house) == []
    assert "receipts.removed" not in await group.news()


async def test_who_closes_their_account_leaves_no_receipt(group: Group) -> None:
    head = await said(group, group.alice)
    await mark(group, group.bob, "read", head)

    assert (await close(group.bob)).status_code == 204
    assert await receipts(group, group.alice) == {}
    await run_jobs(group.house)

    assert "receipts.removed" in await group.news()
