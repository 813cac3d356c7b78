"""PATCH /conversations/:id/preferences"""

import asyncio
from typing import Any

import pytest

from app.kit import clock
from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House
from tests.preferences.conftest import Pair
from tests.preferences.own import UNTOUCHED, edit, listed, news, opened

NOON, NOON_SHOWN = "2999-01-01T13:00:00+01:00", "2999-01-01T12:00:00.000000Z"


async def test_a_conversation_begins_untouched(pair: Pair) -> None:
    started = await pair.alice.client.post(
        "/conversations", json={"participant_ids": [pair.mallory.id]}
    )

    assert started.json()["preferences"] == UNTOUCHED
    assert await opened(pair.alice, pair.conversation) == UNTOUCHED
    assert list((await listed(pair.alice)).values()) == [UNTOUCHED] * 2


@pytest.mark.parametrize(
    ("named", "shown"),
    [
        ({}, {}),
        ({"muted_until": NOON}, {"muted_until": NOON_SHOWN}),
        ({"muted_until": "2999-01-01T12:00"}, {"muted_until": NOON_SHOWN}),
        ({"muted_until": "forever"}, {"muted_until": "forever"}),
        ({"muted_until": None}, {}),
        ({"archived": True}, {"archived": True}),
        ({"favourite": True}, {"favourite": True}),
        ({"notifications": "mentions"}, {"notifications": "mentions"}),
        ({"notifications": "nothing", "x": 1}, {"notifications": "nothing"}),
        ({"archived": True, "favourite": True}, {"archived": True, "favourite": True}),
    ],
)
async def test_what_is_named_is_changed_for_oneself_alone(
    pair: Pair, named: dict[str, Any], shown: dict[str, Any]
) -> None:
    answer = await edit(pair.alice, pair.conversation, **named)

    assert answer.status_code == 200
    assert answer.json() == UNTOUCHED | shown
    assert await opened(pair.alice, pair.conversation) == UNTOUCHED | shown
    assert await listed(pair.alice) == {pair.conversation.id: UNTOUCHED | shown}
    assert await opened(pair.bob, pair.conversation) == UNTOUCHED


async def test_what_is_not_named_stays(pair: Pair) -> None:
    everything = {
        "muted_until": "forever",
        "archived": True,
        "favourite": True,
        "notifications": "nothing",
    }
    await edit(pair.alice, pair.conversation, **everything)

    for name, value in UNTOUCHED.items():
        everything |= {name: value}
        changed = await edit(pair.alice, pair.conversation, **{name: value})
        assert changed.json() == await opened(pair.alice, pair.conversation) == everything


@pytest.mark.parametrize(
    ("named", "code"),
    [
        ({"muted_until": 32472144000}, "muted_until_not_a_string"),
        ({"muted_until": True}, "muted_until_not_a_string"),
        ({"muted_until": "32472144000"}, "muted_until_invalid"),
        ({"muted_until": ""}, "muted_until_invalid"),
        ({"muted_until": "Forever"}, "muted_until_invalid"),
        ({"muted_until": "tomorrow"}, "muted_until_invalid"),
        ({"muted_until": "2999-02-30T12:00:00Z"}, "muted_until_invalid"),
        ({"muted_until": "9999-12-31T00:00:00Z"}, "muted_until_invalid"),
        ({"muted_until": "2999-01-01T12:00:00Z\0"}, "muted_until_invalid"),
        ({"archived": None}, "archived_not_a_boolean"),
        ({"archived": "true"}, "archived_not_a_boolean"),
        ({"favourite": 1}, "favourite_not_a_boolean"),
        ({"notifications": None}, "notifications_invalid"),
        ({"notifications": "ALL"}, "notifications_invalid"),
        ({"notifications": ["all"]}, "notifications_invalid"),
        ({"archived": 1, "favourite": 1}, "invalid"),
    ],
)
async def test_what_cannot_be_taken_is_said_and_changes_nothing(
    pair: Pair, named: dict[str, Any], code: str
) -> None:
    sound: dict[str, Any] = {"archived": True, "notifications": "mentions"}
    refused = await edit(pair.alice, pair.conversation, **(sound | named))

    assert refusal(refused) == (422, code)
    assert await opened(pair.alice, pair.conversation) == UNTOUCHED
    assert (await edit(pair.alice, pair.conversation, **sound)).status_code == 200


async def test_only_an_object_is_taken(pair: Pair) -> None:
    path = f"/conversations/{pair.conversation.id}/preferences"

    assert refusal(await pair.alice.client.patch(path, json=[])) == (422, "not_an_object")
    assert (await pair.alice.client.patch(path, json={})).status_code == 200


async def test_an_outsider_and_who_has_left_have_none(pair: Pair) -> None:
    group = await pair.house.conversation(pair.bob, pair.alice, pair.mallory)
    assert (await edit(pair.mallory, group, archived=True)).status_code == 200

    await pair.mallory.client.delete(f"/conversations/{group.id}/members/{pair.mallory.id}")

    assert refusal(await edit(pair.mallory, group, archived=True)) == (404, "not_found")
    assert refusal(await edit(pair.mallory, pair.conversation)) == (404, "not_found")


async def test_who_comes_back_begins_untouched(pair: Pair) -> None:
    group = await pair.house.conversation(pair.alice, pair.bob, pair.mallory)
    members = f"/conversations/{group.id}/members"
    await edit(pair.bob, group, archived=True, muted_until="forever")

    await pair.bob.client.delete(f"{members}/{pair.bob.id}")
    await pair.alice.client.post(members, json={"user_ids": [pair.bob.id]})

    assert await opened(pair.bob, group) == UNTOUCHED


# A mute that ends.


async def test_a_mute_ends_by_itself(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    await edit(pair.alice, pair.conversation, muted_until=NOON)
    path = f"/conversations/{pair.conversation.id}"
    noon = clock.read_iso(NOON).timestamp()

    async def at(seconds: float) -> tuple[str | None, str, str]:
        monkeypatch.setattr(clock, "unix_seconds", lambda: seconds)
        one, all = await pair.alice.client.get(path), await pair.alice.client.get("/conversations")
        (shown,) = all.json()
        assert shown["preferences"] == one.json()["preferences"]
        return one.json()["preferences"]["muted_until"], one.headers["etag"], all.headers["etag"]

    before, *tags_before = await at(noon - 0.001)
    after, *tags_after = await at(noon)

    assert (before, after) == (NOON_SHOWN, None)
    assert not set(tags_before) & set(tags_after)


async def test_a_mute_for_good_does_not(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    await edit(pair.alice, pair.conversation, muted_until="forever")

    last_that_can_be_named = clock.read_iso("9998-12-31T23:59:59-23:59")
    monkeypatch.setattr(clock, "unix_seconds", last_that_can_be_named.timestamp)

    assert (await opened(pair.alice, pair.conversation))["muted_until"] == "forever"


async def test_a_time_that_has_passed_ends_a_mute(pair: Pair) -> None:
    await edit(pair.alice, pair.conversation, muted_until="forever")

    ended = await edit(pair.alice, pair.conversation, muted_until="2024-01-01T00:00:00Z")

    assert ended.json() == await opened(pair.alice, pair.conversation) == UNTOUCHED


# News.


async def test_ones_other_devices_hear_of_it_and_nobody_else(pair: Pair) -> None:
    (_, alices), (_, bobs) = await news(pair.alice), await news(pair.bob)
    here = (await pair.alice.client.get(f"/conversations/{pair.conversation.id}/events")).json()

    edited = (await edit(pair.alice, pair.conversation, muted_until=NOON)).json()
    await pair.house.message(pair.conversation, pair.bob)

    event, message = (await news(pair.alice, alices))[0]
    assert event == {
        "type": "preferences.edited",
        "user_id": pair.alice.id,
        "seq": event["seq"],
        "at": event["at"],
        "conversation": {"id": pair.conversation.id},
        "preferences": edited,
    }
    assert (await news(pair.bob, bobs))[0] == [message]
    heard = await pair.bob.client.get(
        f"/conversations/{pair.conversation.id}/events", params={"since": here["cursor"]}
    )
    assert heard.json()["events"] == [message]


@pytest.mark.parametrize(
    "named",
    [
        {},
        {"archived": True, "notifications": "all"},
        {"muted_until": NOON_SHOWN},
        {"muted_until": NOON},
    ],
)
async def test_what_stays_as_it_is_is_no_news(pair: Pair, named: dict[str, Any]) -> None:
    edited = await edit(pair.alice, pair.conversation, archived=True, muted_until=NOON)
    _, cursor = await news(pair.alice)

    again = await edit(pair.alice, pair.conversation, **named)

    assert again.json() == edited.json()
    assert await news(pair.alice, cursor) == ([], cursor)
    await edit(pair.alice, pair.conversation, archived=False)
    assert len((await news(pair.alice, cursor))[0]) == 1


async def test_to_end_what_has_ended_is_no_news(pair: Pair) -> None:
    _, cursor = await news(pair.alice)

    await edit(pair.alice, pair.conversation, muted_until="2024-01-01T00:00:00Z")
    await edit(pair.alice, pair.conversation, muted_until=None)

    assert await news(pair.alice, cursor) == ([], cursor)


async def test_two_devices_at_once_keep_what_each_has_changed(live_house: House) -> None:
    alice, bob = await live_house.person("alice"), await live_house.person("bob")
    conversation = await live_house.conversation(alice, bob)
    _, cursor = await news(alice)
    changes: list[dict[str, Any]] = [
        {"archived": True},
        {"favourite": True},
        {"muted_until": "forever"},
        {"notifications": "nothing"},
    ]

    answers = await asyncio.gather(*(edit(alice, conversation, **named) for named in changes))

    assert {answer.status_code for answer in answers} == {200}
    events, _ = await news(alice, cursor)
    everything = {name: value for named in changes for name, value in named.items()}
    assert len(events) == len(changes)
    assert events[-1]["preferences"] == await opened(alice, conversation) == everything


async def test_a_change_costs_a_fixed_number_of_queries(pair: Pair) -> None:
    async with count_queries(pair.house) as queries:
        await edit(pair.alice, pair.conversation, archived=True, muted_until=NOON)

    assert len(queries) <= 6
