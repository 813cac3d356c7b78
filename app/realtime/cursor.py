"""How clients name the place from which they want to go on."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.kit.log import Position

_CURSOR = re.compile(r"(?:(?P<epoch>[0-9a-f]{1,64})\.)?(?P<seq>[0-9]{1,18})")
_USER_CURSOR = re.compile(r"(?P<epoch>[0-9a-f]{1,64})\.(?P<numbers>[A-Za-z0-9_-]{2,32768})")
_SEVEN_BITS, _MORE, _LONGEST_BITS = 0x7F, 0x80, 63
# No log has this epoch, so whoever asks with it is told to start anew.
_NOWHERE = Position("", 0)


def read_cursor(since: str | None, epoch: str | None, head: Position) -> Position | None:
    """`<epoch>.<seq>`, or a bare number that means the present epoch unless another is named.

    Garbage is a place that no log can serve: the answer is `resync_required`, never a silent hole.
    """
    if since is None:
        return None
    match = _CURSOR.fullmatch(since)
    if match is None:
        return _NOWHERE
    return Position(match["epoch"] or epoch or head.epoch, int(match["seq"]))


def show_cursor(position: Position) -> str:
    return f"{position.epoch}.{position.seq}"


@dataclass(frozen=True)
class UserCursor:
    """A place in everything that concerns a person: one position for each of their topics."""

    epoch: str
    user_id: int
    seq: int
    conversations: Mapping[int, int]


def show_user_cursor(epoch: str, user_id: int, seq: int, conversations: Mapping[int, int]) -> str:
    """`<epoch>.<numbers>`: opaque to clients, about five characters for each conversation."""
    numbers = bytearray()
    for number in (user_id, seq, *(n for place in conversations.items() for n in place)):
        _append(numbers, number)
    return f"{epoch}.{urlsafe_b64encode(numbers).decode().rstrip('=')}"


def read_user_cursor(text: str) -> UserCursor | None:
    """None for what is no such cursor: the answer is `resync_required`."""
    match = _USER_CURSOR.fullmatch(text)
    if match is None:
        return None
    padding = "=" * (-len(match["numbers"]) % 4)
    try:
        numbers = list(_numbers(urlsafe_b64decode(match["numbers"] + padding)))
        user_id, seq, *places = numbers
        conversations = dict(zip(places[::2], places[1::2], strict=True))
    except ValueError:
        return None
    return UserCursor(match["epoch"], user_id, seq, conversations)


def _append(numbers: bytearray, number: int) -> None:
    """Seven bits a byte, the lowest first; the eighth says that more follow (LEB128)."""
    while number > _SEVEN_BITS:
        numbers.append(number & _SEVEN_BITS | _MORE)
        number >>= 7
    numbers.append(number)


def _numbers(encoded: bytes) -> Iterator[int]:
    """Raises: ValueError if the last number has no end."""
    number = shift = 0
    for byte in encoded:
        number |= (byte & _SEVEN_BITS) << shift
        shift += 7
        if not byte & _MORE:
            yield number
            number = shift = 0
        elif shift > _LONGEST_BITS:
            raise ValueError("a number is too long")
    if shift:
        raise ValueError("a number has no end")
