"""Encrypts what has to be read again: who copies the database cannot read it."""

from base64 import urlsafe_b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr


@dataclass(frozen=True)
class Opened:
    """`locked` is the same text under the newest key: store it, so that old keys can go."""

    text: str
    locked: str


class Vault:
    """The first key encrypts, every key decrypts."""

    def __init__(self, keys: Sequence[SecretStr]) -> None:
        # Not one MultiFernet: it does not tell whether it was the newest key that opened.
        self._keys = [_fernet(key.get_secret_value()) for key in keys]

    def lock(self, text: str) -> str:
        return self._keys[0].encrypt(text.encode()).decode()

    def open(self, locked: str) -> Opened | None:
        """None when no key opens it."""
        for key in self._keys:
            with suppress(InvalidToken):
                text = key.decrypt(locked.encode()).decode()
                return Opened(text, locked if key is self._keys[0] else self.lock(text))
        return None


def _fernet(key: str) -> Fernet:
    """Another key than those that sign. Source: RFC 5869."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"vault").derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
