"""PATCH /conversations/:id"""

from itertools import pairwise
from typing import Any

import pytest

from app.conversations import queries
from app.conversations.queries import Own
from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House
from tests.members.groups import Group, group_in

PICTURE = "https://example.com/lunch.png"


@pytest.fixture
async def group(house: House) -> Group:
    return await group_in(house)


async def test_the_owner_and_admins_change_the_title_and_the_picture(group: Group) -> None:
    by_owner = await group.edit(group.alice, title="  Dinner \n 🍝 ")
    by_admin = await group.edit(group.bob, picture_url=PICTURE)
    by_member = await group.edit(group.carol, title="Mine")
    by_outsider = await group.edit(group.mallory, title="Mine")

    assert (by_owner.json()["title"], by_owner.json()["picture_url"]) == ("Dinner 🍝", None)
    assert (by_admin.json()["title"], by_admin.json()["picture_url"]) == ("Dinner 🍝", PICTURE)
    assert refusal(by_member) == (403, "admins_only")
    assert refusal(by_outsider) == (404, "not_found")
    assert (await group.open(group.dave))["conversation"] == by_admin.json()
    assert by_admin.json() == (await group.open(group.alice))["conversation"]


async def test_null_and_blank_clear_them_and_a_group_has_a_title_all_the_same(
    group: Group,
) -> None:
    for nothing in (None, "", "  ", "\u200b"):
        await group.edit(group.alice, title="Dinner", picture_url=PICTURE)
        cleared = await group.edit(group.alice, title=nothing)
        assert (cleared.json()["title"], cleared.json()["picture_url"]) == ("Group Chat", PICTURE)
    assert (await group.edit(group.alice, picture_url=None)).json()["picture_url"] is None


async def test_everybody_hears_of_it(group: Group) -> None:
    edited = (await group.edit(group.bob, title="Dinner")).json()

    *_, event = await group.events(group.carol)
    assert event == {
        "type": "conversation.edited",
        "conversation_id": group.conversation.id,
        "seq": event["seq"],
        "at": event["at"],
        "conversation": edited,
        "by": group.bob.id,
    }


@pytest.mark.parametrize("nothing_new", [{}, {"title": "Lunch"}, {"title": " Lunch "}])
async def test_what_stays_as_it_is_is_no_news(group: Group, nothing_new: dict[str, Any]) -> None:
    before = await group.events()

    assert (await group.edit(group.alice, **nothing_new)).status_code == 200
    assert await group.events() == before


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"title": "x" * 201}, "title_too_long"),
        ({"title": 5}, "title_not_a_string"),
        ({"title": "\0"}, "title_invalid"),
        ({"picture_url": "javascript:alert(1)"}, "picture_url_invalid"),
        ({"picture_url": "https://x.org/" + "x" * 2_048}, "picture_url_too_long"),
    ],
)
async def test_what_cannot_be_taken_is_said(
    group: Group, fields: dict[str, Any], code: str
) -> None:
    assert refusal(await group.edit(group.alice, **fields)) == (422, code)
    assert (await group.open(group.alice))["conversation"]["title"] == "Lunch"


async def test_every_change_changes_the_tags(group: Group) -> None:
    async def tags() -> tuple[str, str]:
        opened = await group.carol.client.get(group.path)
        listed = await group.carol.client.get("/conversations")
        return opened.headers["etag"], listed.headers["etag"]

    seen = [await tags()]
    for change in (
        group.edit(group.alice, title="Dinner"),
        group.edit(group.alice, picture_url=PICTURE),
        group.give_role(group.alice, group.dave, "admin"),
        group.add(group.alice, group.mallory),
        group.remove(group.alice, group.mallory),
    ):
        await change
        seen.append(await tags())

    assert len({opened for opened, _ in seen}) == len(seen)
    assert all(before != after for (_, before), (_, after) in pairwise(seen))


@pytest.mark.parametrize("before", [True, False])
async def test_an_answer_is_as_new_as_the_position_that_it_names(
    live_house: House, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    """The title changes before the position is read, or right behind."""
    group = await group_in(live_house)
    find_own = queries.find_own

    async def find_around_a_change(*asked: Any, **how: Any) -> Own:
        if before:
            await group.edit(group.bob, title="Dinner")
        row = await find_own(*asked, **how)
        if not before:
            await group.edit(group.bob, title="Dinner")
        return row

    monkeypatch.setattr(queries, "find_own", find_around_a_change)
    opened = await group.open(group.alice)

    assert opened["conversation"]["title"] == "Dinner"
    assert len(await group.events(since=opened["seq"])) == (0 if before else 1)


async def test_a_change_costs_a_fixed_number_of_queries(group: Group) -> None:
    async with count_queries(group.house) as queries:
        await group.edit(group.alice, title="Dinner", picture_url=PICTURE)

    assert len(queries) <= 7
