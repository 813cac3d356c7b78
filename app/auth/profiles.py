"""What may be a username, a name and an avatar."""

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator
from pydantic_core import Url

from app.kit import lookalikes, names
from app.kit.text import Text, is_blank, is_invisible, is_selector, normalized, one_line, refuse

USERNAME_MIN_CHARACTERS, USERNAME_MAX_CHARACTERS = 3, 32
NAME_MAX_CHARACTERS = 100
URL_MAX_CHARACTERS = 2048
# Words that address many, in the words of other chats. Exactly these: what only looks like one
# addresses nobody, and Ali looks like all.
_MANY = frozenset({"everyone", "here", "all", "channel"})
# Who would be believed to speak for the house, or to be somebody who is gone. They and what looks
# like them. `me`, which stands for oneself in addresses, is too short for a username.
_BELIEVED = (
    *("admin", "administrator", "chatflow", "moderator", "root", "security", "support", "system"),
    *("anonymous", "deleted", "deleted_user"),
)
_BELIEVED_KEYS = frozenset(map(lookalikes.key, _BELIEVED))


def _username(text: str | None) -> str | None:
    """Letters, marks, digits, `_`, `.` and `-` of any script, after NFKC."""
    username = normalized((text or "").strip()).strip()
    if not username:
        return None
    if len(username) < USERNAME_MIN_CHARACTERS:
        refuse("too_short", f"is too short (minimum is {USERNAME_MIN_CHARACTERS} characters)")
    if len(username) > USERNAME_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {USERNAME_MAX_CHARACTERS} characters)")
    if any(unicodedata.category(c)[0] not in "LMN" and c not in "_.-" for c in username):
        refuse("invalid", "may only have letters, digits, _, . and -")
    if any(is_invisible(c) or is_selector(c) for c in username):
        refuse("invalid", "is invalid")
    _refuse_unreadable(username, with_symbols=False)
    if username.casefold() in _MANY or lookalikes.key(username) in _BELIEVED_KEYS:
        refuse("reserved", "is reserved")
    if lookalikes.mixes_scripts(username):
        refuse("confusable", "mixes alphabets whose letters look alike")
    return username


def _name(text: str | None) -> str | None:
    name = one_line(text or "")
    if not name:
        return None
    if len(name) > NAME_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {NAME_MAX_CHARACTERS} characters)")
    if is_blank(name):
        refuse("blank", "can't be blank")
    if names.hides_something(name):
        refuse("invalid", "may not have invisible characters")
    _refuse_unreadable(name, with_symbols=True)
    return name


def _refuse_unreadable(name: str, *, with_symbols: bool) -> None:
    if not names.can_be_read(name, with_symbols=with_symbols):
        refuse("invalid", "must have a letter or a digit")
    if names.is_piled_up(name):
        refuse("invalid", "has too many marks on a letter")


def _avatar_url(text: str | None) -> str | None:
    url = (text or "").strip()
    if not url:
        return None
    if len(url) > URL_MAX_CHARACTERS:
        refuse("too_long", f"is too long (maximum is {URL_MAX_CHARACTERS:,} characters)")
    # Without what would break out of HTML, and without a name and password before the host.
    is_plain = re.fullmatch(r"https?://[^\s/?#@\\]+([/?#][^\s\"<>`\\]*)?", url, re.IGNORECASE)
    if not is_plain or any(map(is_invisible, url)) or not _has_host(url):
        refuse("invalid", "must be an http or https address")
    return url


def _has_host(url: str) -> bool:
    """As browsers read it: a host that can be one, and a port up to 65,535."""
    try:
        return bool(Url(url).host)
    except ValueError:
        return False


Username = Annotated[Text | None, AfterValidator(_username)]
Name = Annotated[Text | None, AfterValidator(_name)]
AvatarUrl = Annotated[Text | None, AfterValidator(_avatar_url)]
