"""What Alice asks and does, and how much there is to be read for it."""

from dataclasses import dataclass

from tests.plans.crowd import FAVOURITES, IN_BIGGEST, MINE, PEOPLE_IN_EACH, PINS, REPLIES


@dataclass(frozen=True)
class Ask:
    """`things` are what there is to be shown, or to be chosen from.

    In paths and bodies `id` is the biggest conversation, and `message_id` a message of Alice's.
    """

    path: str
    things: int
    method: str = "GET"
    body: dict[str, object] | None = None


_HISTORY = "/conversations/{id}/messages"
_FROM_THE_MIDDLE = IN_BIGGEST // 2
QUESTIONS = {
    "who am I": Ask("/users/me", 1),
    "the newest": Ask(_HISTORY, 50),
    "the newest 200": Ask(f"{_HISTORY}?limit=200", 200),
    "before": Ask(f"{_HISTORY}?before={_FROM_THE_MIDDLE}", 50),
    "before the end": Ask(f"{_HISTORY}?before={IN_BIGGEST - 1}", 50),
    "before a time": Ask(f"{_HISTORY}?before=2999-01-01T00:00:00Z", 50),
    "after": Ask(f"{_HISTORY}?after={_FROM_THE_MIDDLE}", 50),
    "after the beginning": Ask(f"{_HISTORY}?after=1", 50),
    "after a time": Ask(f"{_HISTORY}?after=1999-01-01T00:00:00Z", 50),
    "around": Ask(f"{_HISTORY}?around={_FROM_THE_MIDDLE}", 50),
    "around what was answered": Ask(f"{_HISTORY}?around={IN_BIGGEST - 2 * REPLIES + 50}", 50),
    "opening": Ask("/conversations/{id}", 50 + PEOPLE_IN_EACH),
    "pins": Ask("/conversations/{id}/pins", PINS),
    "members": Ask("/conversations/{id}/members", PEOPLE_IN_EACH),
    "receipts": Ask("/conversations/{id}/receipts", PEOPLE_IN_EACH),
    "versions": Ask(f"{_HISTORY}/{{message_id}}/versions", 1),
    "the list": Ask("/conversations", MINE * (1 + PEOPLE_IN_EACH)),
    # The order is that of the last message, so all of one's own are looked at.
    "a page of the list": Ask("/conversations?limit=20", MINE),
    "favourites": Ask("/conversations?favourite=true", MINE + FAVOURITES * PEOPLE_IN_EACH),
    "archived": Ask("/conversations?archived=true&limit=5", MINE),
    "people by name": Ask("/users?query=p77", 50),
    "events": Ask("/conversations/{id}/events", 1),
}
_MESSAGE = "/conversations/{id}/messages/{message_id}"
ACTIONS = {
    "posting": Ask(_HISTORY, 1, "POST", {"body": "Good morning"}),
    "calling somebody": Ask(_HISTORY, 1, "POST", {"body": "Good morning, @p3"}),
    "calling everyone": Ask(_HISTORY, PEOPLE_IN_EACH, "POST", {"body": "Good morning, @everyone"}),
    "posting by key": Ask(_HISTORY, 1, "POST", {"body": "Once", "client_id": "once"}),
    "posting again": Ask(_HISTORY, 1, "POST", {"body": "Once", "client_id": "once"}),
    "replying": Ask(_HISTORY, 1, "POST", {"body": "Yes", "reply_to": "message_id"}),
    "reacting": Ask(f"{_MESSAGE}/reactions/%F0%9F%94%A5", 1, "PUT"),
    "editing": Ask(_MESSAGE, 1, "PATCH", {"body": "No"}),
    "having read": Ask("/conversations/{id}/read", 1, "PUT", {"seq": IN_BIGGEST}),
    "unread": Ask("/conversations/{id}/unread", 100, "PUT", {"seq": IN_BIGGEST - 100}),
    "a favourite": Ask("/conversations/{id}/preferences", 1, "PATCH", {"favourite": True}),
}
