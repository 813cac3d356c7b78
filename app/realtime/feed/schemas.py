"""Shapes of feeds, for the document."""

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict

from app.kit.openapi import ErrorOut
from app.realtime.feed.accept import EVENT_STREAM


class ConversationEvents(TypedDict):
    """Each event as on the native socket. `cursor`, or the bare `seq`, is the next `since`."""

    events: list[dict[str, Any]]
    seq: int
    cursor: str
    resync_required: NotRequired[Literal[True]]


class EverythingEvents(TypedDict):
    """Each event as on the native socket. `cursor` is opaque, and where the next request begins."""

    events: list[dict[str, Any]]
    cursor: str
    resync_required: NotRequired[Literal[True]]


_MESSAGE = {
    "id": 7,
    "seq": 18,
    "created_at": "2026-01-01T12:00:00.000000Z",
    "updated_at": "2026-01-01T12:00:00.000000Z",
    "conversation_id": 1,
    "user_id": 2,
    "body": "Hello, Alice!",
    "client_id": None,
    "attachments": [],
}
_EVENT = {
    "type": "message.created",
    "conversation_id": 1,
    "seq": 18,
    "at": "2026-01-01T12:00:00.000000Z",
    "message": _MESSAGE,
}
_STREAM = """event: welcome
id: {cursor}
data: {{"type":"welcome",...}}

event: message.created
id: {next}
data: {{"type":"message.created","conversation_id":1,"seq":18,...}}

:

event: goodbye
data: {{"type":"goodbye","code":"unauthenticated","come_back":false}}

"""


def in_both_forms(cursor: str, next: str, **places: Any) -> dict[int | str, dict[str, Any]]:
    """The answers of a feed, with an example of either form, and its own way of being busy."""
    answer = {"events": [_EVENT], **places, "cursor": next}
    return {
        200: {
            "description": "What happened; or, where the client prefers `text/event-stream`, a "
            "stream of it that goes on: first a `welcome`, then each event with its cursor as `id`",
            "content": {
                "application/json": {"example": answer},
                EVENT_STREAM: {
                    "schema": {"type": "string"},
                    "example": _STREAM.format(cursor=cursor, next=next),
                },
            },
        },
        429: {
            "model": ErrorOut,
            "description": "Too many are open already: `too_many_connections`; `Retry-After` says "
            "when to come back",
        },
    }
