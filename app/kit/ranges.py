"""Parts of what is asked for. Source: RFC 9110, section 14."""

import re
from dataclasses import dataclass

from starlette.datastructures import Headers

from app.kit.errors import ChatFlowError

# One range. Of several we may send the whole, and do.
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII | re.IGNORECASE)


class RangeNotSatisfiable(ChatFlowError):
    status = 416
    code = "range_not_satisfiable"
    message = "There is nothing in that range"

    def __init__(self, size: int) -> None:
        super().__init__(headers={"Content-Range": f"bytes */{size}"})


@dataclass(frozen=True)
class Part:
    """From `start` up to, and without, `end`."""

    start: int
    end: int
    size: int

    @property
    def headers(self) -> dict[str, str]:
        length = {"Content-Length": str(self.end - self.start), "Accept-Ranges": "bytes"}
        if not self.is_partial:
            return length
        return length | {"Content-Range": f"bytes {self.start}-{self.end - 1}/{self.size}"}

    @property
    def is_partial(self) -> bool:
        return (self.start, self.end) != (0, self.size)


def read_range(headers: Headers, tag: str, size: int) -> Part:
    """What cannot be read, and what is a range of other bytes than these, is the whole.

    Raises: RangeNotSatisfiable
    """
    whole = Part(0, size, size)
    if headers.get("if-range", tag) != tag:
        return whole
    found = _RANGE.fullmatch(headers.get("range", "").strip())
    if found is None or found[0].endswith("=-"):
        return whole
    first, last = found.groups()
    if not first:
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):
            return whole
    if start >= end:
        raise RangeNotSatisfiable(size)
    return Part(start, end, size)
