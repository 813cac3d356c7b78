"""Which usernames may stand beside each other, and which deceive whoever reads them."""

import pytest
from sqlalchemy import insert, select, text

from app.models import User
from tests.answers import refusal
from tests.auth.signing import sign_up
from tests.factories import House
from tests.users.editing import edit

LOOK_ALIKE = {
    "a capital i": ("alice", "aIice"),
    "a one": ("alice", "a1ice"),
    "a zero": ("bobby", "b0bby"),
    "a small l for a capital i": ("ivan", "lvan"),
    "Cyrillic": ("capa", "сара"),
    "Cyrillic capitals": ("bob", "ВОВ"),
    "Hebrew": ("loll", "וסוו"),
    "two letters for one": ("modem", "modern"),
    "Cyrillic case": ("вова", "ВОВА"),
    "a final sigma": ("σοφος", "ΣΟΦΟΣ"),
    "a sharp s": ("straße", "STRASSE"),
}


@pytest.mark.parametrize(("theirs", "mine"), LOOK_ALIKE.values(), ids=LOOK_ALIKE)
async def test_a_username_that_looks_like_anothers_is_taken(
    house: House, theirs: str, mine: str
) -> None:
    await house.person(theirs, email="first@example.com")
    mallory = await house.person("mallory")

    edited = await edit(mallory, username=mine)
    signed_up = await sign_up(house, username=mine)
    welcome = await sign_up(house, username=f"{mine}2")

    assert refusal(edited) == refusal(signed_up) == (422, "username_taken")
    assert edited.json()["errors"] == ["Username has already been taken"]
    assert welcome.status_code == 201


@pytest.mark.parametrize("username", ["аlice", "раypal", "pαul", "gօօgle", "bob٣3", "क१2"])
async def test_a_username_that_mixes_alphabets_to_deceive_is_refused(
    house: House, username: str
) -> None:
    mallory = await house.person("mallory")

    refused = await edit(mallory, username=username)

    assert refusal(refused) == (422, "username_confusable")
    assert refused.json()["errors"] == ["Username mixes alphabets whose letters look alike"]


HONEST = [
    *("zoë", "ivan", "иван", "Ёлка", "Ελένη", "小明同学", "田中カナ", "tanaka田中", "김kim"),
    *("मीरा", "चीज़ें", "สมชาย", "น้ำฝน", "مريم", "مُحَمَّد", "משה", "བསྒྲུབས", "မြို့သူ", "Nguyễn", "ali"),
    *("1234", "_x_", "a.b-c"),
]


@pytest.mark.parametrize("username", HONEST)
async def test_people_have_names_in_every_script(house: House, username: str) -> None:
    person = await house.person("person")

    assert (await edit(person, username=username)).status_code == 200


UNREADABLE = {
    "dots": "...",
    "dashes": "-_-",
    "marks": "\u0301\u0302\u0303",
    "strokes": "ーーー",
    "apostrophes": "ʼʼʼ",
    "Hangul fillers": "\u3164\u3164\u3164",
    "Hangul fillers at the side": "bob\u115f",
    "an empty Braille pattern": "bob\u2800",
    "a selector": "bob\ufe0f",
    "a grapheme joiner": "bo\u034fb",
    "a Khmer vowel that is not drawn": "bob\u17b4",
    "a Mongolian selector": "bob\u180b",
    "a tag": "bob\U000e0061",
    "three marks upon one letter": "b\u0316\u0317\u0318ob",
    "a pile": "b" + "\u0316\u0334" * 8 + "ob",
    "a pile of one script": "ก็็็็็็ข",
    "five marks": "ཀ\u0f71\u0f72\u0f74\u0f7a\u0f7cཀ",
    "a mark upon nothing": "\u0301bob",
    "a mark upon a dot": "bob.\u0301",
}


@pytest.mark.parametrize("username", UNREADABLE.values(), ids=UNREADABLE)
async def test_a_username_can_be_read(house: House, username: str) -> None:
    mallory = await house.person("mallory")

    assert refusal(await edit(mallory, username=username)) == (422, "username_invalid")
    assert refusal(await sign_up(house, username=username)) == (422, "username_invalid")


@pytest.mark.parametrize(
    "username", ["everyone", "Here", "ALL", "channel", "admin", "Adm1n", "SUPP0RT", "deleted"]
)
async def test_some_usernames_are_reserved(house: House, username: str) -> None:
    mallory = await house.person("mallory")

    refused = await edit(mallory, username=username)
    welcome = await edit(mallory, username=f"{username}2")

    assert refusal(refused) == (422, "username_reserved")
    assert refused.json()["errors"] == ["Username is reserved"]
    assert welcome.status_code == 200


async def test_a_username_that_was_given_up_can_be_had(house: House) -> None:
    alice, bob = await house.person("alice"), await house.person("bob")

    taken = await edit(bob, username="aIice")
    await edit(alice, username=None)
    free = await edit(bob, username="aIice")

    assert refusal(taken) == (422, "username_taken")
    assert free.status_code == 200


async def test_no_way_to_make_a_person_forgets_what_their_name_looks_like(house: House) -> None:
    mallory = await house.person("mallory")
    bob = {"email": "bob@example.com", "username": "bob", "encrypted_password": ""}
    async with house.session() as session:
        await session.execute(insert(User).values(**bob))
        key = await session.scalar(select(User.username_key).where(User.username == "bob"))

    assert key == "bob"
    assert refusal(await edit(mallory, username="b0b")) == (422, "username_taken")


async def test_old_accounts_keep_names_that_look_alike(house: House) -> None:
    await house.person("alice")
    twin = await house.person("twin")
    async with house.session() as session:
        await session.execute(
            text("UPDATE users SET username = 'aIice', username_key = NULL WHERE id = :id"),
            {"id": twin.id},
        )

    kept = await edit(twin, username="aIice", name="Alice too")
    again = await edit(twin, username="a1ice")

    assert kept.json()["user"]["name"] == "Alice too"
    assert refusal(again) == (422, "username_taken")
