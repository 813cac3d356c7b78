"""What a client performs on a channel: the same commands as on the native socket."""

from typing import Any

import orjson
from pydantic import ValidationError

from app.kit.errors import ChatFlowError, render
from app.kit.validation import from_pydantic
from app.presence.schemas import DeviceStatus
from app.realtime import commands
from app.realtime.action_cable import frames
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.protocol import Malformed
from app.realtime.commands import MARKS, REF_MAX_CHARACTERS, Command

_COMMANDS = {
    "speak": "message.create",
    **{kind: kind for kind in ("typing", "presence", *MARKS)},
}


async def perform(
    caller: Caller, identifier: str, conversation_id: int, data: dict[str, Any]
) -> None:
    """Success is silent, as everywhere in Action Cable; what fails is answered to its sender.

    Shape: {"action": "speak" | "typing" | "presence" | one of MARKS, "ref": text?, ...}
    Raises: Malformed for an action that is none.
    """
    action = data.get("action")
    if not isinstance(action, str) or action not in _COMMANDS:
        raise Malformed
    ref = _read_ref(data)
    try:
        command = Command(_COMMANDS[action], ref, data)
        await commands.perform(caller.desk(conversation_id), command)
    except ChatFlowError as error:
        refuse(caller, identifier, error, ref)


def perform_anywhere(caller: Caller, identifier: str, data: dict[str, Any]) -> None:
    """What needs no conversation. Shape: {"action": "presence", "status", "ref": text?}

    Raises: Malformed for an action that is none.
    """
    if data.get("action") != "presence":
        raise Malformed
    try:
        caller.signed_in.must_write()
        caller.seat.say(DeviceStatus.model_validate(data).status)
    except ValidationError as error:
        refuse(caller, identifier, from_pydantic(error.errors()), _read_ref(data))
    except ChatFlowError as error:
        refuse(caller, identifier, error, _read_ref(data))


def refuse(caller: Caller, identifier: str, error: ChatFlowError, ref: str | None = None) -> None:
    """Shape: {"type": "error", ...the body over HTTP, "status": 422, "ref": text or null}"""
    body = render(error, caller.house.request_id)
    message = {"type": "error", **body, "status": error.status, "ref": ref}
    caller.connection.send(frames.data(identifier, orjson.dumps(message).decode()))


def _read_ref(data: dict[str, Any]) -> str | None:
    """What the sender knows it by: its `ref`, or else its `client_id`."""
    for ref in (data.get("ref"), data.get("client_id")):
        if isinstance(ref, str) and 0 < len(ref) <= REF_MAX_CHARACTERS:
            return ref
    return None
