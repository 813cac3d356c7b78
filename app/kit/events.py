"""News: the only thing that is sent to live clients."""

from dataclasses import dataclass
from typing import Any

import orjson


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, and who is to hear of it.

    Shape: `topic` names the audience (`conversation:42`), `name` is in the past tense
    (`message.created`), `data` is the text of a JSON object.
    An ephemeral event rings the doorbell without entering the log; it is not sent back to the
    connection named by `sender`.
    """

    topic: str
    name: str
    data: str
    ephemeral: bool = False
    sender: str | None = None


@dataclass(frozen=True, slots=True)
class Envelope:
    """An event with its position in its topic's log, as it travels between processes.

    Shape: `at` is ISO 8601 text. Positions begin at 1; an ephemeral event has none, and 0 here.
    """

    topic: str
    name: str
    data: str
    seq: int = 0
    at: str = ""
    sender: str | None = None

    def to_bytes(self) -> bytes:
        """The header as one line of JSON, then `data` verbatim: nobody on the way opens it."""
        header = [self.topic, self.name, self.seq, self.at, self.sender]
        return orjson.dumps(header) + b"\n" + self.data.encode()

    @classmethod
    def from_bytes(cls, raw: bytes) -> "Envelope":
        """Raises: ValueError if the bytes are not an envelope."""
        header, _, data = raw.partition(b"\n")
        topic, name, seq, at, sender = orjson.loads(header)
        return cls(topic, name, data.decode(), seq, at, sender)


def from_json(data: str) -> Any:
    """What `Event.data` holds."""
    return orjson.loads(data)


def to_json(data: Any) -> str:
    """The text that `Event.data` wants."""
    return orjson.dumps(data).decode()
