"""What an identifier opens."""

from typing import Any, Protocol

from app.kit import ids
from app.kit.errors import NotFound
from app.realtime.action_cable.caller import Caller
from app.realtime.action_cable.conversations_channel import ConversationsChannel
from app.realtime.action_cable.history import Places
from app.realtime.action_cable.protocol import IDENTIFIER_MAX_BYTES, Malformed, decode_object
from app.realtime.action_cable.user_channel import UserChannel


class Channel(Protocol):
    """Followed it is held, so that nothing is missed and nothing is sent; resumed it is live.

    `heads` are the positions of its streams when it was followed, and `beginnings` those from which
    on they are news to whoever has come into them since; `topic` is the one in which
    people can be present, if there is one.
    """

    heads: Places
    beginnings: Places
    topic: str | None

    async def follow(self) -> None:
        """Raises: NotFound when it is not theirs to open; Unavailable."""

    def greet(self) -> None:
        """What the channel says before the subscription is confirmed."""

    async def resume(self, places: Places) -> bool:
        """Go on from these places, elsewhere from where it is; live before this returns.

        Answers whether that could be served; if not, nothing is sent of what was before.
        Raises: Unavailable.
        """

    async def perform(self, data: dict[str, Any]) -> None:
        """Raises: Malformed for an action that is none."""

    async def whisper(self, data: Any) -> None:
        """Tell the others of the stream. Raises: Malformed where nobody could hear it."""

    async def close(self) -> None: ...


def open_channel(caller: Caller, identifier: str) -> Channel:
    """Raises: NotFound for an identifier that names no channel."""
    if len(identifier.encode()) > IDENTIFIER_MAX_BYTES:
        raise NotFound
    try:
        params = decode_object(identifier)
    except Malformed:
        raise NotFound from None
    match params.get("channel"):
        case "ConversationsChannel":
            return ConversationsChannel(caller, identifier, _conversation_id(params))
        case "UserChannel":
            return UserChannel(caller, identifier)
        case _:
            raise NotFound


def _conversation_id(params: dict[str, Any]) -> int:
    value = params.get("conversation_id")
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise NotFound
    if (id := ids.read_id(str(value))) is None:
        raise NotFound
    return id
