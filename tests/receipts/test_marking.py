"""PUT /conversations/:id/read, unread and delivered, and what is unread then"""

from typing import Any

import pytest

from tests.answers import refusal
from tests.counting import count_queries
from tests.members.groups import Group
from tests.preferences.own import news
from tests.receipts.marks import mark, said, unread
from tests.receipts.recounting import all_is_counted

# Where the fixture's group is: its log has one event, a change of roles.
BEGIN = 0


async def test_what_others_say_is_unread_and_what_one_says_is_not(group: Group) -> None:
    await said(group, group.alice)
    await said(group, group.carol)

    assert await unread(group, group.alice) == (BEGIN, 1, 0)
    assert await unread(group, group.bob) == (BEGIN, 2, 0)
    await all_is_counted(group.house)


async def test_who_has_read_has_nothing_unread(group: Group) -> None:
    first, second = await said(group, group.alice), await said(group, group.alice)

    half = await mark(group, group.bob, "read", first)
    all = await mark(group, group.bob, "read", second)

    assert half.status_code == 200
    assert half.json() == {
        "conversation_id": group.conversation.id,
        "last_read_seq": first,
        "unread_count": 1,
        "unread_mentions": 0,
    }
    assert all.json()["unread_count"] == 0
    assert await unread(group, group.bob) == (second, 0, 0)
    assert await unread(group, group.carol) == (BEGIN, 2, 0)
    await said(group, group.bob)
    assert await unread(group, group.bob) == (second, 0, 0)
    await all_is_counted(group.house)


async def test_reading_never_goes_back_nor_past_the_present(group: Group) -> None:
    first, second = await said(group, group.alice), await said(group, group.alice)

    answers = [await mark(group, group.bob, "read", seq) for seq in (second, first, 0, 2**63 - 1)]

    head = second + 1  # The news of what Bob has read.
    assert [one.json()["last_read_seq"] for one in answers] == [second, second, second, head]
    third = await said(group, group.alice)
    assert await unread(group, group.bob) == (head, 1, 0)
    assert (await mark(group, group.bob, "read", third)).json()["unread_count"] == 0


async def test_one_sets_it_back_on_purpose(group: Group) -> None:
    seqs = [await said(group, by, "Hello @bob") for by in (group.alice, group.bob, group.carol)]
    await mark(group, group.bob, "read", seqs[2])

    back = await mark(group, group.bob, "unread", seqs[0])

    assert back.status_code == 200
    assert back.json()["last_read_seq"] == seqs[0] - 1
    assert await unread(group, group.bob) == (seqs[0] - 1, 2, 2)
    await all_is_counted(group.house)
    again = await mark(group, group.bob, "read", seqs[2])
    assert (again.json()["unread_count"], again.json()["unread_mentions"]) == (0, 0)


@pytest.mark.parametrize("beyond", [1, 2**63 - 1])
async def test_to_mark_as_unread_reads_nothing(group: Group, beyond: int) -> None:
    await said(group, group.alice)
    head = await said(group, group.alice)

    marked = await mark(group, group.bob, "unread", min(head + beyond, 2**63 - 1))

    assert marked.json()["last_read_seq"] == BEGIN
    assert await unread(group, group.bob) == (BEGIN, 2, 0)
    assert (await mark(group, group.bob, "read", head)).json()["unread_count"] == 0


async def test_to_mark_everything_as_unread_is_not_below_nothing(group: Group) -> None:
    head = await said(group, group.alice)
    await mark(group, group.bob, "read", head)

    assert (await mark(group, group.bob, "unread", 0)).json()["last_read_seq"] == 0


async def test_what_was_delivered_is_not_read(group: Group) -> None:
    head = await said(group, group.alice)

    delivered = await mark(group, group.bob, "delivered", head)

    assert delivered.status_code == 200
    assert delivered.json()["unread_count"] == 1
    assert await unread(group, group.bob) == (BEGIN, 1, 0)


@pytest.mark.parametrize("kind", ["read", "unread", "delivered"])
@pytest.mark.parametrize(
    ("seq", "code"),
    [
        (None, "seq_not_an_integer"),
        ("1", "seq_not_an_integer"),
        (True, "seq_not_an_integer"),
        (1.5, "seq_not_an_integer"),
        (-1, "seq_too_small"),
        (2**63, "seq_too_large"),
    ],
)
async def test_a_position_is_an_integer_that_can_be_one(
    group: Group, kind: str, seq: Any, code: str
) -> None:
    refused = await mark(group, group.bob, kind, seq)

    assert refused.status_code == 422
    assert refusal(refused)[1].startswith("seq_")
    assert (await mark(group, group.bob, kind, 2**63 - 1)).status_code == 200


@pytest.mark.parametrize("kind", ["read", "unread", "delivered"])
async def test_an_outsider_and_who_has_left_mark_nothing(group: Group, kind: str) -> None:
    assert (await mark(group, group.dave, kind, 1)).status_code == 200

    await group.leave(group.dave)

    assert refusal(await mark(group, group.dave, kind, 1)) == (404, "not_found")
    assert refusal(await mark(group, group.mallory, kind, 1)) == (404, "not_found")


# What becomes of messages.


async def test_what_was_withdrawn_is_unread_to_nobody(group: Group) -> None:
    read = await group.post(group.alice, "@carol @everyone")
    await mark(group, group.bob, "read", read.json()["seq"])
    late = await group.post(group.alice, "@carol")

    for message in (read, late):
        assert (await unread(group, group.carol))[1:] == (2, 2) if message is read else (1, 1)
        path = f"{group.path}/messages/{message.json()['id']}"
        assert (await group.alice.client.delete(path)).status_code == 204
        await all_is_counted(group.house)

    for person in group.members.values():
        assert (await unread(group, person))[1:] == (0, 0)


async def test_an_edit_changes_whom_it_mentions(group: Group) -> None:
    message = (await group.post(group.alice, "Hello @bob")).json()
    path = f"{group.path}/messages/{message['id']}"

    async def mentions() -> dict[str, int]:
        people = group.members.items()
        return {name: (await unread(group, one))[2] for name, one in people}

    assert await mentions() == {"alice": 0, "bob": 1, "carol": 0, "dave": 0}
    for body, called in {
        "Hello @carol": {"carol"},
        "Hello @everyone": {"bob", "carol", "dave"},
        "Hello @bob, @everyone": {"bob", "carol", "dave"},
        "Hello @bob": {"bob"},
        "Hello": set(),
    }.items():
        assert (await group.alice.client.patch(path, json={"body": body})).status_code == 200
        assert {name for name, count in (await mentions()).items() if count} == called
        await all_is_counted(group.house)


async def test_an_edit_of_what_was_read_mentions_nobody_anew(group: Group) -> None:
    message = (await group.post(group.alice, "Hello")).json()
    await mark(group, group.bob, "read", message["seq"])

    path = f"{group.path}/messages/{message['id']}"
    await group.alice.client.patch(path, json={"body": "Hello @bob @carol"})

    assert (await unread(group, group.bob))[2] == 0
    assert (await unread(group, group.carol))[2] == 1


async def test_who_comes_into_a_group_has_read_what_was_said_before(group: Group) -> None:
    await said(group, group.alice, "@dave @everyone")
    await group.leave(group.dave)
    await said(group, group.bob, "@everyone")

    for person in (group.dave, group.mallory):
        assert (await group.add(group.alice, person)).status_code == 201
        assert (await unread(group, person))[1:] == (0, 0)
    await all_is_counted(group.house)
    await said(group, group.alice, "@everyone")
    assert (await unread(group, group.dave))[1:] == (1, 1)
    back = await mark(group, group.dave, "unread", 0)
    assert (back.json()["unread_count"], back.json()["unread_mentions"]) == (3, 3)


async def test_a_copy_that_is_sent_again_counts_once(group: Group) -> None:
    for _ in range(2):
        await group.post(group.alice, "@everyone", client_id="c1")

    assert (await unread(group, group.bob))[1:] == (1, 1)
    await all_is_counted(group.house)


# News.


async def test_ones_other_devices_hear_of_it_and_nobody_else(group: Group) -> None:
    head = await said(group, group.alice, "@bob @carol")
    (_, bobs), (_, carols) = await news(group.bob), await news(group.carol)

    await mark(group, group.bob, "read", head)

    own = [event for event in (await news(group.bob, bobs))[0] if "user_id" in event]
    assert own == [
        {
            "type": "unread.updated",
            "user_id": group.bob.id,
            "seq": own[0]["seq"],
            "at": own[0]["at"],
            "conversation": {"id": group.conversation.id, "seq": head},
            "last_read_seq": head,
            "unread_count": 0,
            "unread_mentions": 0,
        }
    ]
    assert [one["type"] for one in (await news(group.carol, carols))[0]] == ["receipts.updated"]


async def test_whom_a_message_does_not_mention_any_more_hears_of_it(group: Group) -> None:
    message = (await group.post(group.alice, "Hello @bob")).json()
    _, bobs = await news(group.bob)

    path = f"{group.path}/messages/{message['id']}"
    await group.alice.client.delete(path)

    heard = {event["type"]: event for event in (await news(group.bob, bobs))[0]}
    updated, withdrawn = heard["unread.updated"], heard["message.withdrawn"]
    assert updated["conversation"] == {"id": group.conversation.id, "seq": withdrawn["seq"]}
    assert (updated["unread_count"], updated["unread_mentions"]) == (0, 0)


@pytest.mark.parametrize(("kind", "seq"), [("read", 0), ("unread", 99), ("delivered", 0)])
async def test_what_stays_as_it_is_is_no_news(group: Group, kind: str, seq: int) -> None:
    head = await said(group, group.alice)
    await mark(group, group.bob, "read", head)
    _, cursor = await news(group.bob)

    again = [await mark(group, group.bob, *one) for one in ((kind, seq), ("read", head))]

    assert {one.status_code for one in again} == {200}
    assert await news(group.bob, cursor) == ([], cursor)
    await mark(group, group.bob, "unread", head)
    assert len((await news(group.bob, cursor))[0]) == 1


async def test_the_tags_change_with_what_is_unread(group: Group) -> None:
    async def tags() -> tuple[str, str]:
        paths = (group.path, "/conversations")
        one, all = [(await group.bob.client.get(path)).headers["etag"] for path in paths]
        return one, all

    head = await said(group, group.alice)
    seen = [await tags()]
    await mark(group, group.bob, "read", head)
    seen.append(await tags())
    await mark(group, group.bob, "unread", head)
    seen.append(await tags())

    assert len({one for one, _ in seen}) == len({all for _, all in seen}) == 3


async def test_a_mark_costs_a_fixed_number_of_queries(group: Group) -> None:
    for _ in range(5):
        head = await said(group, group.alice)

    async with count_queries(group.house) as queries:
        await mark(group, group.bob, "read", head)

    # Who it is; to hold, to write; to take the places of the news, and write there.
    assert len(queries) == 5
