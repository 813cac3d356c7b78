"""What a client of Action Cable hears.

A base client hears `welcome`, `ping`, `confirm_subscription`, `reject_subscription`, `disconnect`
and data without a type, and never anything else: it would take it for data.
"""

from typing import Any

import orjson

from app.realtime.frames import Frame


def control(type: str, **fields: Any) -> Frame:
    """Shape: {"type": "welcome" | "ping" | "disconnect" | ..., ...fields}"""
    return Frame(orjson.dumps({"type": type, **fields}).decode())


def data(identifier: str, message: str, position: str = "") -> Frame:
    """`message` is the text of a JSON object, sent verbatim.

    Shape: {"identifier": ..., "message": {...}, ...position}
    """
    return Frame(f'{{"identifier":{quoted(identifier)},"message":{message}{position}}}')


def quoted(text: str) -> str:
    return orjson.dumps(text).decode()
