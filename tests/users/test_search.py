"""GET /users?query="""

import httpx
import pytest

from tests.answers import refusal
from tests.counting import count_queries
from tests.factories import House, Person


async def search(person: Person, query: str, **params: object) -> httpx.Response:
    texts = {name: str(value) for name, value in params.items()}
    return await person.client.get("/users", params={"query": query} | texts)


async def found(person: Person, query: str) -> list[str]:
    answer = await search(person, query)
    assert answer.status_code == 200, answer.text
    return [one["username"] for one in answer.json()]


async def test_people_are_found_without_their_email(house: House) -> None:
    alice = await house.person("alice")
    bob = await house.person("bob", name="Bob Builder", avatar_url="https://example.com/b")

    answer = await search(alice, "bob")

    assert answer.status_code == 200
    assert answer.json() == [
        {
            "id": bob.id,
            "username": "bob",
            "name": "Bob Builder",
            "avatar_url": "https://example.com/b",
        }
    ]


async def test_the_beginning_of_a_username_or_of_any_word_of_a_name(house: House) -> None:
    alice = await house.person("alice", name=None)
    await house.person("kingsley", name="Ada Byron Lovelace")

    for beginning in (
        "k",
        "king",
        "kingsley",
        "a",
        "ada",
        "by",
        "Lovelace",
        "ada byron",
        "byron l",
    ):
        assert "kingsley" in await found(alice, beginning), beginning
    for middle in ("ingsley", "da", "yron", "lace", "adab", "ada lovelace", "kingsleyx", " yron"):
        assert "kingsley" not in await found(alice, middle), middle


async def test_nobody_is_found_by_email(house: House) -> None:
    alice = await house.person("alice")
    await house.person("bob", email="secret@hidden.example")

    assert await found(alice, "bob") == ["bob"]
    for part in ("secret", "secret@hidden.example", "hidden", "@", "s"):
        assert await found(alice, part) == []


@pytest.mark.parametrize("special", ["%", "_", "\\", "%%", "b%", "b_b", "\\b", "*", ".*", "'", '"'])
async def test_special_characters_are_plain_text(house: House, special: str) -> None:
    alice = await house.person("alice", name=None)
    await house.person("bob", name="Bob")

    assert await found(alice, special) == []


async def test_special_characters_find_themselves(house: House) -> None:
    alice = await house.person("alice", name=None)
    await house.person("under_score", name="100% \\o/ fun")

    for beginning in ("under_", "100%", "\\o", "100% \\o/"):
        assert await found(alice, beginning) == ["under_score"]
    assert await found(alice, "underx") == []


async def test_case_does_not_matter_but_accents_do(house: House) -> None:
    alice = await house.person("alice", name=None)
    await house.person("zofie", name="Žofie Ångström Ωmega")

    for beginning in ("ZOF", "žof", "ŽOFIE", "ångs", "ÅNG", "ωm"):
        assert await found(alice, beginning) == ["zofie"], beginning
    assert await found(alice, "angs") == []


async def test_the_query_is_normalized_as_names_are(house: House) -> None:
    alice = await house.person("alice", name=None)
    await house.person("zoe", name="Zo\xeb  Smith".replace("  ", " "))

    for beginning in ("zoe\u0308", "ｚｏｅ", "  zo\xeb ", "zo\xeb   smith"):
        assert await found(alice, beginning) == ["zoe"]


async def test_those_without_a_username_are_found_by_name(house: House) -> None:
    alice = await house.person("alice")
    async with house.session() as session:
        from_database = alice.user
        from_database = await session.merge(from_database)
        from_database.username = None

    (me,) = (await search(alice, "ali")).json()

    assert me["username"] is None
    assert me["name"] == "Alice"


@pytest.mark.parametrize("query", ["", " ", "\u200b", "\t\n"])
async def test_a_blank_query_is_refused(house: House, query: str) -> None:
    alice = await house.person("alice")

    assert refusal(await search(alice, query)) == (422, "query_blank")


async def test_a_query_is_required_and_has_up_to_64_characters(house: House) -> None:
    alice = await house.person("alice")

    assert refusal(await alice.client.get("/users")) == (422, "query_blank")
    assert (await search(alice, "🙂" * 64)).status_code == 200
    assert refusal(await search(alice, "x" * 65)) == (422, "query_too_long")
    assert refusal(await search(alice, "a\0b")) == (422, "query_invalid")


async def test_nobody_cannot_search(house: House) -> None:
    await house.person("alice")

    assert refusal(await house.client().get("/users?query=a")) == (401, "unauthenticated")


async def test_people_come_in_order_of_name(house: House) -> None:
    for username in ("max_c", "MAX_a", "max_B"):
        person = await house.person(username, name=None)

    assert await found(person, "max") == ["MAX_a", "max_B", "max_c"]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8])
async def test_pages_visit_everybody_once_there_and_back(house: House, size: int) -> None:
    for number in range(7):
        person = await house.person(f"max_{number}", name=None)
    everybody = [f"max_{number}" for number in range(7)]

    page = await search(person, "max", limit=size)
    forwards = [one["username"] for one in page.json()]
    while link := page.links.get("next"):
        page = await person.client.get(link["url"])
        forwards += [one["username"] for one in page.json()]
        assert len(forwards) <= 7, "it goes round and round"
    backwards = [one["username"] for one in page.json()]
    while link := page.links.get("prev"):
        page = await person.client.get(link["url"])
        backwards = [one["username"] for one in page.json()] + backwards
        assert len(backwards) <= 7, "it goes round and round"

    assert forwards == backwards == everybody


async def test_links_keep_a_query_of_special_characters(house: House) -> None:
    for number in range(3):
        person = await house.person(f"max_{number}", name="50% & more=less?")

    page = await search(person, "50% & more", limit=2)
    rest = await person.client.get(page.links["next"]["url"])

    assert [one["username"] for one in rest.json()] == ["max_2"]
    assert set(rest.links) == {"prev"}


async def test_namesakes_are_all_visited(house: House) -> None:
    async with house.session() as session:
        for number in range(5):
            person = await house.person(f"x{number}", name="Max")
            (await session.merge(person.user)).username = None

    page = await search(person, "max", limit=2)
    ids = [one["id"] for one in page.json()]
    while link := page.links.get("next"):
        page = await person.client.get(link["url"])
        ids += [one["id"] for one in page.json()]
        assert len(ids) <= 5, "it goes round and round"

    assert len(ids) == len(set(ids)) == 5


async def test_fifty_come_without_a_limit(house: House) -> None:
    for number in range(52):
        person = await house.person(f"max_{number:02}", name=None)

    answer = await search(person, "max")

    assert len(answer.json()) == 50
    assert set(answer.links) == {"next"}
    assert len((await search(person, "max", limit=0)).json()) == 50
    assert len((await search(person, "max", limit=300)).json()) == 52
    assert refusal(await search(person, "max", limit="x")) == (422, "limit_not_an_integer")


@pytest.mark.parametrize("cursor", ["x", "W10", "ünïcode", "WzEsMiwzXQ"])
async def test_a_cursor_that_we_did_not_make_is_refused(house: House, cursor: str) -> None:
    alice = await house.person("alice")

    assert refusal(await search(alice, "a", cursor=cursor)) == (422, "cursor_invalid")


async def test_a_search_costs_a_fixed_number_of_queries(house: House) -> None:
    for number in range(20):
        person = await house.person(f"max_{number}")

    async with count_queries(house) as queries:
        await search(person, "max")

    assert len(queries) <= 2
