"""What a client may say over a socket: the same actions and errors as over HTTP."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import orjson
from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import access
from app.auth.access import SignedIn
from app.kit.db import Database
from app.kit.errors import ChatFlowError, Invalid
from app.kit.http import log_unexpected
from app.kit.limits import Limits
from app.kit.settings import Settings
from app.kit.validation import from_pydantic
from app.messages import actions as messages
from app.messages.actions import Writer
from app.messages.schemas import MessageDraft
from app.models import Conversation
from app.presence import actions as presence
from app.presence.schemas import DeviceStatus
from app.presence.seats import Seat
from app.receipts.ledger import Ledger
from app.receipts.marks import Mark
from app.receipts.schemas import MarkDraft

REF_MAX_CHARACTERS = 64


@dataclass(frozen=True)
class Desk:
    """What commands need: who speaks, from where, and the house behind them."""

    signed_in: SignedIn
    conversation_id: int
    connection_id: str
    seat: Seat
    database: Database
    limits: Limits
    settings: Settings
    ledger: Ledger
    writer: Writer


@dataclass(frozen=True)
class Answer:
    """Shape: the status and body that the same would have over HTTP."""

    status: int
    body: Any = None


class Malformed(Invalid):
    """Not a command at all."""


@dataclass(frozen=True)
class Command:
    """Shape: {"type": one of TYPES, "ref": text?, ...}"""

    type: str
    ref: str | None
    data: dict[str, Any]


def read_ref(text: str) -> str | None:
    """The `ref` of a command that may be unreadable otherwise."""
    try:
        ref = orjson.loads(text)["ref"]
    except (ValueError, TypeError, KeyError, IndexError):
        return None
    return ref if isinstance(ref, str) and 0 < len(ref) <= REF_MAX_CHARACTERS else None


def decode(text: str) -> Command:
    """Raises: Malformed if it is not an object in JSON, or of no type that we know."""
    try:
        data = orjson.loads(text)
    except ValueError:
        raise Malformed.field("base", "json_invalid", "the command is not valid JSON") from None
    if not isinstance(data, dict):
        raise Malformed.field("base", "not_an_object", "the command must be an object")
    kind = data.get("type")
    if not isinstance(kind, str) or kind not in TYPES:
        raise Malformed.field("type", "unknown", f"must be one of {', '.join(TYPES)}")
    return Command(kind, read_ref(text), data)


async def perform(desk: Desk, command: Command) -> Answer:
    """Raises: ChatFlowError, with everything rolled back."""
    if command.type != "ping":
        desk.signed_in.must_write()
    try:
        if command.type == _POST:
            return await _post(desk, command)
        if command.type in MARKS:
            return await _mark(desk, command)
        async with desk.database.unit_of_work() as session:
            conversation = await access.open_conversation(
                session, desk.signed_in.user.id, desk.conversation_id
            )
            return await COMMANDS[command.type](session, desk, conversation, command.data)
    except ValidationError as error:
        raise from_pydantic(error.errors()) from error
    except ChatFlowError:
        raise
    except Exception as error:
        log_unexpected(error)
        raise ChatFlowError from error


async def _post(desk: Desk, command: Command) -> Answer:
    access.count_write(desk, desk.signed_in.user.id)  # Typing has a rate of its own.
    draft = MessageDraft.model_validate(command.data)
    posted = await messages.post(desk.writer, desk.conversation_id, desk.signed_in.user.id, draft)
    return Answer(200 if posted.is_replay else 201, orjson.Fragment(posted.message))


async def _mark(desk: Desk, command: Command) -> Answer:
    """Who did not ask for a reply does not wait until it is written."""
    access.count_mark(desk, desk.signed_in.user.id)
    mark = MARKS[command.type](MarkDraft.model_validate(command.data).seq)
    place = (desk.conversation_id, desk.signed_in.user.id)
    if command.ref is None:
        desk.ledger.note(place, mark)
        return Answer(200)
    return Answer(200, await desk.ledger.write(place, mark))


async def _type(
    session: AsyncSession, desk: Desk, conversation: Conversation, data: dict[str, Any]
) -> Answer:
    user, rate = desk.signed_in.user, desk.settings.typing_rate
    await presence.type_away(session, desk.limits, rate, conversation, user, desk.connection_id)
    return Answer(204)


async def _say_presence(
    session: AsyncSession, desk: Desk, conversation: Conversation, data: dict[str, Any]
) -> Answer:
    desk.seat.say(DeviceStatus.model_validate(data).status)
    return Answer(204)


async def _ping(
    session: AsyncSession, desk: Desk, conversation: Conversation, data: dict[str, Any]
) -> Answer:
    return Answer(204)


_POST = "message.create"
COMMANDS: dict[
    str, Callable[[AsyncSession, Desk, Conversation, dict[str, Any]], Awaitable[Answer]]
] = {
    "typing": _type,
    "presence": _say_presence,
    "ping": _ping,
}
MARKS: dict[str, Callable[[int], Mark]] = {
    "read": Mark.read,
    "unread": Mark.unread,
    "delivered": Mark.received,
}
TYPES = (_POST, *COMMANDS, *MARKS)
