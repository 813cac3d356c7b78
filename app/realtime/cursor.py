"""How clients name the place from which they want to go on."""

import re

from app.kit.log import Position

_CURSOR = re.compile(r"(?:(?P<epoch>[0-9a-f]{1,64})\.)?(?P<seq>[0-9]{1,18})")
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
