"""Which of our two representations a client would rather have.

Source: RFC 9110, section 12.5.1.
"""

import re

EVENT_STREAM, JSON = "text/event-stream", "application/json"
_WEIGHT = re.compile(r"q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE | re.ASCII)


def prefers_stream(accept: str) -> bool:
    """JSON wins a draw, unless the stream alone was named: `*/*` is JSON."""
    return _rank(EVENT_STREAM, accept) > _rank(JSON, accept)


def _rank(media_type: str, accept: str) -> tuple[float, int]:
    """Shape: (weight, how exactly it was named). The most exact range decides the weight."""
    exactness = {"*/*": 1, media_type.partition("/")[0] + "/*": 2, media_type: 3}
    ranges = [_read(text) for text in accept.split(",")]
    named = [(exactness[name], weight) for name, weight in ranges if name in exactness]
    if not named:
        return 0, 0
    exactly, weight = max(named)
    return weight, exactly if weight else 0


def _read(text: str) -> tuple[str, float]:
    """A weight that cannot be read is none."""
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    weights = [match[1] for part in parameters if (match := _WEIGHT.fullmatch(part))]
    return name, float(weights[0]) if weights else 1.0
