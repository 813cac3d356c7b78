"""What people may be called, where it is not for telling them apart."""

import pytest

from tests.answers import refusal
from tests.auth.signing import sign_up
from tests.factories import House
from tests.users.editing import edit

NAMES = [
    *("Zoë O'Neill-Smith", "J.", "R2-D2", "Иван", "小明", "น้ำฝน", "مُحَمَّد", "གངས་རྒྱལ", "चीज़ें"),
    *("🙂", "👩‍👩‍👧", "🏳️‍🌈 Max", "❤️", "1️⃣", "Bob 👩🏽‍💻", "🩷"),
    *("می\u200cخواهم", "क्\u200dष", "র\u200d্যাব"),
]

NO_NAMES = {
    "dots": ("...", "invalid"),
    "a dash": ("\u2014", "invalid"),
    "marks": ("\u0301\u0302", "invalid"),
    "zero widths": ("\u200b\u200b", "blank"),
    "Hangul fillers": ("\u3164\u3164", "blank"),
    "Braille": ("\u2800", "blank"),
    "a selector": ("\ufe0f", "blank"),
    "a text turned around": ("\u202eecilA", "invalid"),
    "an isolate": ("Alice\u2066", "invalid"),
    "a direction mark": ("Alice\u200f", "invalid"),
    "a zero width": ("Al\u200bice", "invalid"),
    "a joiner in Latin": ("Al\u200dice", "invalid"),
    "a joiner at the end": ("小\u200d", "invalid"),
    "two joiners": ("小\u200d\u200d明", "invalid"),
    "a bell": ("Al\aice", "invalid"),
    "a filler": ("Alice\u3164", "invalid"),
    "a tag": ("Alice\U000e0061", "invalid"),
    "a soft hyphen": ("Al\xadice", "invalid"),
    "a private letter": ("Alice\ue000", "invalid"),
    "a pile": ("A\u0316\u0317\u0318lice", "invalid"),
    "a pile of one mark": ("ก็็็", "invalid"),
    "a mark upon nothing": ("Alice \u0301", "invalid"),
}


@pytest.mark.parametrize("name", NAMES)
async def test_people_are_called_what_they_are_called(house: House, name: str) -> None:
    person = await house.person("person")

    answer = await edit(person, name=name)

    assert answer.status_code == 200
    assert answer.json()["user"]["name"]


@pytest.mark.parametrize(("name", "reason"), NO_NAMES.values(), ids=NO_NAMES)
async def test_a_name_can_be_read_and_hides_nothing(house: House, name: str, reason: str) -> None:
    mallory = await house.person("mallory")

    assert refusal(await edit(mallory, name=name)) == (422, f"name_{reason}")
    assert refusal(await sign_up(house, name=name)) == (422, f"name_{reason}")
    assert (await mallory.client.get("/users/me")).json()["name"] == "Mallory"
