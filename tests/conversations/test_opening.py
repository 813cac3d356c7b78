"""GET /conversations/:id"""

import httpx
import pytest

from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House, Person


async def opened(person: Person, id: object, tag: str = "") -> httpx.Response:
    return await person.client.get(f"/conversations/{id}", headers={"If-None-Match": tag})


async def test_a_conversation_opens_with_its_people_and_messages(house: House) -> None:
    alice, bob, carol = [await house.person(name) for name in ("alice", "bob", "carol")]
    conversation = await house.conversation(alice, bob, carol, title="Lunch")
    messages = [await house.message(conversation, bob, text) for text in ("one", "two")]

    answer = await opened(alice, conversation.id)

    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {
        *("conversation", "participants", "preferences", "seq", "messages"),
        *("last_read_seq", "unread_count", "unread_mentions"),
    }
    assert body["seq"] == messages[-1]["seq"]
    shown = body["conversation"]
    assert (shown["id"], shown["title"], shown["group"]) == (conversation.id, "Lunch", True)
    assert shown["updated_at"] == messages[-1]["created_at"]
    assert [user["username"] for user in body["participants"]] == ["alice", "bob", "carol"]
    assert [user["role"] for user in body["participants"]] == ["owner", "member", "member"]
    user = {"id", "email", "username", "name", "avatar_url"}
    assert set(body["participants"][0]) == user | {"role", "joined_at"}
    assert body["messages"] == messages


async def test_the_last_fifty_messages_come_oldest_first(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    for number in range(1, 53):
        await house.message(conversation, alice, f"Message {number}")

    messages = (await opened(bob, conversation.id)).json()["messages"]

    assert [message["body"] for message in messages] == [f"Message {n}" for n in range(3, 53)]


async def test_an_outsider_cannot_open_it(house: House) -> None:
    alice, bob, mallory = [await house.person(name) for name in ("alice", "bob", "mallory")]
    conversation = await house.conversation(alice, bob)

    theirs = await opened(mallory, conversation.id)
    missing = await opened(mallory, conversation.id + 1)
    nobody = await house.client().get(f"/conversations/{conversation.id}")
    member = await opened(bob, conversation.id)

    assert refusal(theirs) == refusal(missing) == (404, "not_found")
    assert {**theirs.json(), "request_id": ""} == {**missing.json(), "request_id": ""}
    assert refusal(nobody) == (401, "unauthenticated")
    assert member.status_code == 200


ADDRESSES = ["0", "-1", "01", "+1", "1.0", "1e3", "4_2", "٤٢", "x", "%00", "%2e%2e", "1%20", "%201"]
HUGE = [str(2**63), str(2**64), "9" * 18, "9" * 19, "9" * 400]


@pytest.mark.parametrize("id", ADDRESSES + HUGE)
@pytest.mark.parametrize("rest", ["", "/messages"])
async def test_what_is_no_id_is_no_address(house: House, id: str, rest: str) -> None:
    alice = await house.person("alice")

    assert refusal(await alice.client.get(f"/conversations/{id}{rest}")) == (404, "not_found")


async def test_a_full_conversation_costs_no_more_queries(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    small = await house.conversation(alice, bob)
    await house.message(small, alice)
    crowd = [await house.person() for _ in range(20)]
    large = await house.conversation(alice, *crowd)
    for number in range(55):
        await house.message(large, crowd[number % 20])

    async with count_queries(house) as of_the_small:
        await opened(alice, small.id)
    async with count_queries(house) as of_the_large:
        assert len((await opened(alice, large.id)).json()["messages"]) == 50

    assert len(of_the_small) == len(of_the_large) <= 4


async def test_what_is_known_is_not_sent_again_and_asks_for_no_message(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    await house.message(conversation, alice)
    first = await opened(bob, conversation.id)

    async with count_queries(house) as queries:
        again = await opened(bob, conversation.id, first.headers["etag"])

    assert again.status_code == 304
    assert again.content == b""
    assert not any("FROM messages" in query for query in queries)
    for answer in (first, again):
        assert answer.headers["cache-control"] == "private, no-cache"
        assert answer.headers["vary"] == "Cookie, Authorization"


async def test_whatever_changes_it_changes_its_tag(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)
    tags = [(await opened(alice, conversation.id)).headers["etag"]]

    await house.message(conversation, bob)
    tags.append((await opened(alice, conversation.id, tags[-1])).headers["etag"])
    for change in ({"name": "Robert"}, {"avatar_url": "https://x.org/b.png"}, {"username": "rob"}):
        await bob.client.patch("/users/me", json=change)
        tags.append((await opened(alice, conversation.id, tags[-1])).headers["etag"])

    assert len(set(tags)) == 5
    assert (await opened(alice, conversation.id, tags[-1])).status_code == 304


async def test_another_viewer_has_another_tag(house: House) -> None:
    """They see other e-mails."""
    alice, bob = await house.person("alice"), await house.person("bob")
    conversation = await house.conversation(alice, bob)

    tag = (await opened(alice, conversation.id)).headers["etag"]

    assert (await opened(bob, conversation.id, tag)).status_code == 200
