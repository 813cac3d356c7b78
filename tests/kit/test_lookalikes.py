"""Which names are one to the eye."""

import unicodedata

import pytest

from app.kit.lookalikes import key, mixes_scripts

ONE = {
    "case": ("alice", "ALICE"),
    "case that is longer in capitals": ("straße", "STRASSE"),
    "a final sigma": ("σοφος", "ΣΟΦΟΣ"),
    "Cyrillic": ("alice", "аlісе"),
    "Cyrillic alone": ("capa", "сара"),
    "Cyrillic capitals": ("bob", "ВОВ"),
    "Greek": ("pavo", "ρανο"),
    "Hebrew": ("loll", "וסוו"),
    "Cherokee": ("saw", "ᏚᎪᎳ"),
    "Armenian": ("no", "ոօ"),
    "a capital i": ("alice", "aIice"),
    "a small l for a capital i": ("ivan", "lvan"),
    "a one": ("alice", "a1ice"),
    "a zero": ("bob", "b0b"),
    "two letters for one": ("modem", "modern"),
    "without a dot": ("isik", "ısık"),
    "decomposed": ("zo\xeb", "zoe\u0308"),
    "bold": ("alice", "𝐚𝐥𝐢𝐜𝐞"),
}

TWO = [
    ("alice", "alicia"),
    ("zofie", "žofie"),
    ("nina", "viva"),
    ("bob", "bob2"),
    ("bob", "вов"),
    ("иван", "ivan"),
    ("bob_b", "bob.b"),
    ("小明", "小朋"),
]


@pytest.mark.parametrize(("name", "other"), ONE.values(), ids=ONE)
def test_names_that_look_alike_have_one_key(name: str, other: str) -> None:
    assert key(name) == key(other)


@pytest.mark.parametrize(("name", "other"), TWO)
def test_names_that_do_not_have_two(name: str, other: str) -> None:
    assert key(name) != key(other)


def test_a_key_is_never_empty() -> None:
    """Or all those without one would be one."""
    for code in range(0x20, 0x3000):
        if unicodedata.category(chr(code))[0] in "LN":
            assert key(chr(code)), hex(code)


HONEST = [
    *("alice", "bob_2", "zoë", "иван", "Ёлка", "Ελένη", "საქართველო", "հայկ", "ᐃᓄᒃ"),
    *("小明同学", "たなかさん", "田中カナ", "tanaka田中", "김철수", "김kim", "ㄅㄆ小明bob"),
    *("मीरा", "สมชาย", "น้ำฝน", "مريم", "משה", "ー々田", "क१२", "مريم٣", "Ωmega", "ivanИ"),
]

SUSPICIOUS = [
    *("аlice", "alicе", "раypal", "pαul", "gооgle", "gօօgle", "иванo_dev", "ᏚᎪᎳbob"),
    *("bob٣3", "क१2"),
]


@pytest.mark.parametrize("name", HONEST)
def test_people_write_their_names_in_their_own_script(name: str) -> None:
    assert not mixes_scripts(name)


@pytest.mark.parametrize("name", SUSPICIOUS)
def test_letters_that_pass_for_those_of_another_script_are_found(name: str) -> None:
    assert mixes_scripts(name)
