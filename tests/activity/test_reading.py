"""GET /users/activity: what happened to one's account, and to nobody else's."""

import re
from datetime import datetime
from typing import Any

import httpx
import pytest

from tests.answers import refusal
from tests.auth.signing import sign_in
from tests.factories import House, Person

PATH = "/users/activity"
LINK = re.compile(r'<([^>]+)>; rel="(\w+)"')


async def activity_of(person: Person, **query: Any) -> list[dict[str, Any]]:
    answer = await person.client.get(PATH, params=query)
    assert answer.status_code == 200, answer.text
    activity: list[dict[str, Any]] = answer.json()
    return activity


def links_of(answer: httpx.Response) -> dict[str, str]:
    """Shape: {"next": address}"""
    return {rel: address for address, rel in LINK.findall(answer.headers.get("link", ""))}


async def fail_to_sign_in(house: House, times: int) -> None:
    for _ in range(times):
        assert (await sign_in(house, "alice@example.com", "a guess")).status_code == 401


async def test_the_newest_comes_first(house: House) -> None:
    alice = await house.person("alice")
    await fail_to_sign_in(house, times=1)
    await sign_in(house, "alice@example.com")

    newest, failed, first = await activity_of(alice)

    assert [one["name"] for one in (newest, failed, first)] == [
        "signed_in",
        "sign_in_failed",
        "signed_in",
    ]
    assert newest["at"] >= failed["at"] >= first["at"]
    assert datetime.fromisoformat(newest["at"]).tzinfo
    assert set(newest) == {"id", "name", "at", "login_id", "address", "device", "details"}


async def test_it_is_ones_own(house: House) -> None:
    alice, mallory = await house.person("alice"), await house.person("mallory")
    await fail_to_sign_in(house, times=2)

    assert len(await activity_of(alice)) == 3
    (own,) = await activity_of(mallory)
    assert own["id"] not in [one["id"] for one in await activity_of(alice)]
    assert refusal(await house.client().get(PATH)) == (401, "unauthenticated")


async def test_one_walks_through_it_by_its_links(house: House) -> None:
    alice = await house.person("alice")
    await fail_to_sign_in(house, times=6)
    whole = await activity_of(alice)
    walked, address = [], f"{PATH}?limit=3"

    while address:
        answer = await alice.client.get(address)
        walked.append(answer.json())
        links = links_of(answer)
        address = links.get("next", "")

    assert [len(page) for page in walked] == [3, 3, 1]
    assert [one for page in walked for one in page] == whole
    assert (await alice.client.get(links["prev"])).json() == walked[1]


async def test_another_cursor_opens_nothing_of_others(house: House) -> None:
    alice, mallory = await house.person("alice"), await house.person("mallory")
    await fail_to_sign_in(house, times=3)
    answer = await alice.client.get(PATH, params={"limit": 1})
    address = links_of(answer)["next"]

    assert len((await alice.client.get(address)).json()) == 1
    others = (await mallory.client.get(address)).json()
    assert {one["id"] for one in others}.isdisjoint(one["id"] for one in await activity_of(alice))


@pytest.mark.parametrize(
    ("query", "code"),
    [({"limit": "many"}, "limit_not_an_integer"), ({"cursor": "W10"}, "cursor_invalid")],
)
async def test_what_cannot_be_read_is_refused(
    house: House, query: dict[str, str], code: str
) -> None:
    alice = await house.person("alice")

    assert refusal(await alice.client.get(PATH, params=query)) == (422, code)
    assert len(await activity_of(alice, limit="1")) == 1
