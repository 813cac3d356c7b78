"""Addresses of people, as mail knows them.

Source: RFC 5321, section 4.1.2; RFC 6531 for letters beyond ASCII.
"""

import re
from email.errors import MessageError
from email.headerregistry import Address
from email.utils import parseaddr

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Without quotes, comments and literals: who has such an address has another one, too.
_ADDRESS = re.compile(r"""([^\s@()<>\[\]\\,;:"]+)@([^\s@()<>\[\]\\,;:"]+)""")


def is_one_line(text: str) -> bool:
    """Whatever follows a line's end in a header would be a header of its own."""
    return _CONTROLS.search(text) is None


def address(text: str, name: str = "") -> Address:
    """A domain in other letters than ASCII becomes the one that DNS knows.

    Raises: ValueError, which does not quote it.
    """
    parts = _ADDRESS.fullmatch(text)
    if parts is None or not is_one_line(text):
        raise ValueError("is not an address")
    local, domain = parts.groups()
    try:
        return Address(name, local, _as_dns_knows_it(domain))
    except (ValueError, IndexError, MessageError):  # A UnicodeError is a ValueError.
        raise ValueError("is not an address") from None


def _as_dns_knows_it(domain: str) -> str:
    """Raises: ValueError for one that would become another: since 2008 `straße.de` and `strasse.de`
    are two, and mail for the one, with a link that opens an account, would go to the other.
    """
    known = domain.encode("idna")
    if not domain.isascii() and known.decode("idna") != domain.lower():
        raise ValueError("stands for another domain")
    return known.decode()


def named_address(text: str) -> Address:
    """Shape: `chat@example.com` or `ChatFlow <chat@example.com>`.

    Raises: ValueError
    """
    name, plain = parseaddr(text) if is_one_line(text) else ("", "")
    return address(plain, name)
