"""What is locked away, and by which keys it opens."""

import pytest
from pydantic import SecretStr

from app.kit.vault import Vault


def vault(*keys: str) -> Vault:
    return Vault([SecretStr(key) for key in keys])


def test_what_was_locked_opens() -> None:
    locked = vault("a").lock("swordfish é")

    opened = vault("a").open(locked)

    assert "swordfish" not in locked
    assert opened is not None
    assert (opened.text, opened.locked) == ("swordfish é", locked)


def test_an_older_key_opens_and_the_newest_locks_again() -> None:
    opened = vault("new", "older", "oldest").open(vault("oldest").lock("swordfish"))

    assert opened is not None
    assert opened.text == "swordfish"
    again = vault("new").open(opened.locked)
    assert again is not None
    assert again.text == "swordfish"


@pytest.mark.parametrize("damage", ["", "x", "é", "gAAAAA==", "\0"])
def test_what_is_not_ours_does_not_open(damage: str) -> None:
    assert vault("a", "b").open(damage) is None


def test_what_was_changed_does_not_open() -> None:
    locked = vault("a").lock("swordfish")
    middle = len(locked) // 2
    other = "A" if locked[middle] != "A" else "B"

    assert vault("a").open(locked[:middle] + other + locked[middle + 1 :]) is None
    assert vault("b").open(locked) is None
    assert vault("a").open(locked) is not None
