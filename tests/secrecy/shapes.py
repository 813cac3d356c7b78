"""What secrets look like, whoever said them: for those that nobody overheard."""

import re
from collections.abc import Iterator

_AND_A_TEXT = r"""\\*["']?\s*[:=]\s*\\*["']"""
_SHAPES = {
    "password hash": r"\$2[abxy]\$|\$bcrypt-sha256\$|\$argon2|\$scrypt\$",
    "JSON Web Token": r"\beyJ[\w-]{8,}\.",
    "session cookie": r"_chatflow_session=[\w\"'%.-]{8,}",
    "bearer token": r"(?i:bearer) (?=\S*\d)[\w~+/.-]{8,}",
    "API token": r"\bchatflow_\d+_\w{8,}",
    "Fernet token": r"\bgAAAA[\w-]{20,}",
    "key of a second factor": r"otpauth://\w+/",
    # With their names, also those that are too short to be looked for without.
    "named password": r"password" + _AND_A_TEXT,
    "named body": r"\bbody" + _AND_A_TEXT,
    "password in a URL": r"\w://[^\s/:@]*:[^\s/:@*]+@",
}
_ANY = re.compile("|".join(f"({shape})" for shape in _SHAPES.values()))


def shapes_in(text: str) -> Iterator[str]:
    for found in _ANY.finditer(text):
        yield list(_SHAPES)[(found.lastindex or 0) - 1]
