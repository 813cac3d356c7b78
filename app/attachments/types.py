"""What a file is, by its first bytes: what its name and its sender say proves nothing.

Nothing that could run in a browser has a type here: HTML and SVG are text, and other programs
are bytes.
"""

import codecs

import filetype

HEAD_BYTES = 8192

UNKNOWN = "application/octet-stream"
TEXT = "text/plain"
# Those that we develop anew, and so the only ones that may be shown within a page.
IMAGES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_FAMILIES = ("image/", "audio/", "video/")
_DOCUMENTS = ("application/pdf", "application/zip", "application/epub+zip", "application/gzip")
_OFFICE = (
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.oasis.opendocument.",
    "application/vnd.openxmlformats-officedocument.",
)


def guess(head: bytes) -> str:
    found = filetype.guess_mime(head)
    if found == "image/apng":
        return "image/png"
    if found is None:
        return TEXT if _is_text(head) else UNKNOWN
    is_known = found in _DOCUMENTS or found.startswith(_FAMILIES + _OFFICE)
    return found if is_known else UNKNOWN


def _is_text(head: bytes) -> bool:
    """The last character may be cut in two."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return "\0" not in text


def header_of(content_type: str) -> str:
    return f"{TEXT}; charset=utf-8" if content_type == TEXT else content_type
