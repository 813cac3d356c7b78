"""What happens when people do things to one group at the same moment: it stays a group."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
from sqlalchemy import text

from app.kit.settings import Settings
from tests.conftest import serve
from tests.conversations.test_starting import crowd
from tests.factories import House, Person
from tests.members.groups import Group, accept
from tests.members.walking import owners

ROUNDS = 6


async def statuses(*asking: Awaitable[httpx.Response]) -> list[int]:
    return sorted(answer.status_code for answer in await asyncio.gather(*asking))


async def count_news(group: Group) -> Counter[str]:
    return Counter(await group.news(group.alice))


async def one_owner(group: Group) -> bool:
    return (await owners(group.house))[group.conversation.id] == 1


def elsewhere(house: House, person: Person) -> Person:
    """The same person on a device that is connected to another worker."""
    client = house.client()
    client.cookies.update(person.client.cookies)
    return Person(person.user, client)


async def test_of_many_removals_one_removes(settings: Settings, live_group: Group) -> None:
    group = live_group
    async with serve(settings) as other:
        admins = [
            group.alice,
            group.bob,
            elsewhere(other, group.alice),
            elsewhere(other, group.bob),
        ]
        answers = await statuses(*(group.remove(admin, group.carol) for admin in admins * 2))

    assert answers == [204] + [404] * 7
    assert (await count_news(group))["member.removed"] == 1


async def test_nothing_of_somebody_lands_behind_their_removal(
    settings: Settings, live_group: Group
) -> None:
    """While they post from eight devices on two workers; and then they are back."""
    group = live_group
    async with serve(settings) as other:
        devices = [group.carol, elsewhere(other, group.carol)] * 4
        said: list[str] = []
        for round in range(ROUNDS):
            posting = [
                group.post(device, f"{round}.{n}", client_id=f"{round}.{n}")
                for n, device in enumerate(devices * 4)
            ]
            removal = group.remove(group.alice, group.carol)
            half = len(posting) // 2
            answers = await asyncio.gather(*posting[:half], removal, *posting[half:])
            assert {answer.status_code for answer in answers} <= {201, 204, 404}
            said += [a.json()["body"] for a in answers if a.status_code == 201]
            assert (await group.add(group.alice, group.carol)).status_code == 201

    is_in, heard = True, []
    for event in await group.events():
        concerns_carol = event.get("member", {}).get("id") == group.carol.id
        if concerns_carol and event["type"] != "member.role_changed":
            is_in = event["type"] == "member.added"
        if event["type"] == "message.created":
            assert is_in, "a message behind the removal"
            heard.append(event["message"]["body"])
    assert sorted(heard) == sorted(said)


async def test_coming_and_going_at_once_ends_in_one_of_both(live_group: Group) -> None:
    group = live_group
    for _ in range(ROUNDS):
        token = await group.token()
        answers = await statuses(
            *(accept(group.mallory, token) for _ in range(3)),
            *(group.leave(group.mallory) for _ in range(3)),
            *(group.add(group.bob, group.mallory) for _ in range(2)),
            *(group.remove(group.alice, group.mallory) for _ in range(2)),
        )
        assert set(answers) <= {200, 201, 204, 404}
        news = [
            event["type"]
            for event in await group.events()
            if event.get("member", {}).get("id") == group.mallory.id
        ]
        # One after the other, never twice the same.
        assert news == ["member.added", "member.removed"] * (len(news) // 2) + (
            ["member.added"] if "mallory" in await group.roles() else []
        )
        opened = await group.mallory.client.get(group.path)
        assert (opened.status_code == 200) == ("mallory" in await group.roles())


async def test_of_two_hand_overs_one_hands_over(live_group: Group) -> None:
    group = live_group

    answers = await statuses(
        group.give_role(group.alice, group.carol, "owner"),
        group.give_role(group.alice, group.dave, "owner"),
    )

    assert answers == [200, 403]
    assert await one_owner(group)


async def test_a_group_is_never_without_an_owner_or_with_two(live_group: Group) -> None:
    """The owner leaves while another is promoted, removed, or given the group."""
    group = live_group

    meanwhile: list[Callable[[], Awaitable[httpx.Response]]] = [
        lambda: group.give_role(group.alice, group.bob, "member"),
        lambda: group.give_role(group.alice, group.carol, "owner"),
        lambda: group.remove(group.alice, group.dave),
        lambda: group.leave(group.carol),
    ]
    people = list(group.members.values())
    for act in meanwhile * 2:
        group.alice = await owner_of(group, people)
        answers = await statuses(group.leave(group.alice), act())
        assert set(answers) <= {200, 204, 403, 404}
        assert await one_owner(group)
        await group.add(await owner_of(group, people), *people)
        assert await one_owner(group)


async def owner_of(group: Group, people: list[Person]) -> Person:
    owner = text("SELECT user_id FROM participants WHERE role = 'owner'")
    async with group.house.session() as session:
        id = await session.scalar(owner)
    return next(person for person in people if person.id == id)


async def test_everybody_leaves_at_once(live_group: Group) -> None:
    group = live_group

    answers = await statuses(*(group.leave(person) for person in group.members.values()))

    assert answers == [204] * 4
    assert await owners(group.house) == {}


async def test_an_invite_for_three_lets_three_in(live_group: Group) -> None:
    group, house = live_group, live_group.house
    token = await group.token(uses=3)
    guests = [await house.person() for _ in range(8)]

    answers = await statuses(*(accept(guest, token) for guest in guests * 2))

    assert Counter(answers)[201] == 3
    assert set(answers) <= {200, 201, 404}
    assert (await count_news(group))["member.added"] == 3


async def test_the_last_places_are_given_once(live_group: Group) -> None:
    group = live_group
    others = await crowd(group.house, 999)
    for start in range(0, 990, 99):
        assert (await group.add(group.alice, *others[start : start + 99])).status_code == 201
    adding: list[Any] = [group.add(group.bob, id) for id in others[990:]]

    answers = await statuses(*adding)

    assert answers == [201] * 6 + [409] * 3
    assert len(await group.roles()) <= 1_000
