"""From one client to the others of a stream, past the log: may be lost, and is never echoed."""

from typing import Any

import orjson

from app.auth import access
from app.kit.db import announce
from app.kit.errors import ChatFlowError, Invalid
from app.kit.events import Event, to_json
from app.kit.limits import Limit
from app.messages.events import topic_of
from app.realtime.action_cable.actions import refuse
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.encoding import WHISPER

# With these a whisper could pass for an event of the server.
_RESERVED = ("message", "type")


async def whisper(caller: Caller, identifier: str, conversation_id: int, data: Any) -> None:
    """Too many are passed over in silence; one that cannot be taken is answered to its sender."""
    house, user_id = caller.house, caller.user_id
    try:
        caller.signed_in.must_write()
        _check(data, house.settings.whisper_max_bytes)
        limit = Limit("whisper", house.settings.whisper_rate, str(user_id))
        if not await house.limits.allows(limit):
            return
        async with house.database.unit_of_work() as session:
            await access.open_conversation(session, user_id, conversation_id)
            announce(session, _whispered(caller, conversation_id, data))
    except ChatFlowError as error:
        refuse(caller, identifier, error)


def _check(data: Any, max_bytes: int) -> None:
    """Raises: Invalid."""
    if not isinstance(data, dict):
        raise Invalid.field("data", "not_an_object", "must be an object")
    if len(orjson.dumps(data)) > max_bytes:
        raise Invalid.field("data", "too_long", f"is too long (maximum is {max_bytes:,} bytes)")
    for name in _RESERVED:
        if name in data:
            raise Invalid.field(name, "reserved", "is reserved")


def _whispered(caller: Caller, conversation_id: int, data: dict[str, Any]) -> Event:
    """The data apart from what the server says, so that it cannot stand in for that."""
    said = to_json({"user_id": caller.user_id, "data": data})
    topic, sender = topic_of(conversation_id), caller.connection.id
    return Event(topic, WHISPER, said, ephemeral=True, sender=sender)
