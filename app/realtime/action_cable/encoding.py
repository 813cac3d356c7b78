"""Events as the clients of a channel read them."""

from dataclasses import dataclass

import orjson

from app.kit.events import Envelope
from app.messages.events import MESSAGE_CREATED
from app.realtime.action_cable import frames
from app.realtime.action_cable.frames import quoted
from app.realtime.frames import Frame
from app.realtime.shapes import show_event

WHISPER = "whisper"
JOINED, LEFT = "presence.joined", "presence.left"


@dataclass(frozen=True, slots=True)
class Encoding:
    """Equal for all who listen by the same protocol under the same identifier."""

    identifier: str
    is_extended: bool

    def __call__(self, envelope: Envelope, epoch: str) -> Frame | None:
        position = show_position(envelope, epoch) if self.is_extended and envelope.seq else ""
        return frames.data(self.identifier, self.show(envelope), position)

    def show(self, envelope: Envelope) -> str:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class ConversationEncoding(Encoding):
    """A message as the Rails application sent it, a whisper as it was said, the rest by type."""

    def __call__(self, envelope: Envelope, epoch: str) -> Frame | None:
        if envelope.name in (JOINED, LEFT):
            return show_presence(self.identifier, envelope) if self.is_extended else None
        return Encoding.__call__(self, envelope, epoch)

    def show(self, envelope: Envelope) -> str:
        if envelope.name == MESSAGE_CREATED:
            return envelope.data
        if envelope.name == WHISPER:
            return show_whisper(envelope)
        inside = envelope.data.removeprefix("{")
        return f'{{"type":{quoted(envelope.name)}' + ("" if inside == "}" else ",") + inside


@dataclass(frozen=True, slots=True)
class UserEncoding(Encoding):
    """One identifier for many topics: each event says what it is about, as everywhere else."""

    def show(self, envelope: Envelope) -> str:
        return show_event(envelope)


def show_position(envelope: Envelope, epoch: str) -> str:
    """The stream's position is that of the log."""
    topic, name = quoted(envelope.topic), quoted(epoch)
    return f',"stream_id":{topic},"epoch":{name},"offset":{envelope.seq}'


def show_whisper(envelope: Envelope) -> str:
    """What was said, with the name of who said it: the server's word, not the sender's."""
    whisper = orjson.loads(envelope.data)
    return orjson.dumps(whisper["data"] | {"user_id": whisper["user_id"]}).decode()


def show_presence(identifier: str, envelope: Envelope) -> Frame:
    """Shape: {"type": "presence", "message": {"type": "join" | "leave", "id", "info"?}, ...}"""
    data = orjson.loads(envelope.data)
    message = {"type": "join" if envelope.name == JOINED else "leave", "id": str(data["user_id"])}
    if envelope.name == JOINED:
        message["info"] = data["info"]
    return frames.control("presence", identifier=identifier, message=message)
