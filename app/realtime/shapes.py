"""Events as clients read them: the same JSON on every transport."""

from typing import Any

import orjson

from app.kit.events import Envelope


def show_event(envelope: Envelope, **more: Any) -> str:
    """The envelope's own fields, and the event's data verbatim behind them.

    Shape: {"type", "conversation_id" | "user_id", "seq", "at", ...more, ...data}; what is
    ephemeral has neither `seq` nor `at`.
    """
    audience, _, id = envelope.topic.partition(":")
    head: dict[str, Any] = {"type": envelope.name, f"{audience}_id": int(id)}
    if envelope.seq:
        head |= {"seq": envelope.seq, "at": envelope.at}
    opened = orjson.dumps(head | more).decode().removesuffix("}")
    inside = envelope.data.removeprefix("{")
    return opened + ("" if inside == "}" else ",") + inside
