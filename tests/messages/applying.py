"""What a client makes of news about messages: as the README tells it to."""

from typing import Any

QUOTE_CHARACTERS = 140
OPENED = 50


def change_messages(conversation: dict[str, Any], event: dict[str, Any], own_id: int) -> None:
    """`conversation` is what opening it answered, with the last messages, and its pins."""
    known = {message["id"]: message for message in conversation["messages"]}
    message = event["message"]
    match event["type"]:
        case "message.created":
            # A fetch may bring a message, and yet a conversation that knows nothing of it.
            conversation["conversation"]["updated_at"] = message["created_at"]
            if message["id"] not in known:
                _add(conversation, known, message)
        case "message.edited" | "message.withdrawn":
            _replace(known, message)
            if message["withdrawn_at"]:
                known.get(message["id"], {}).pop("my_reactions", None)
                conversation["pins"].pop(message["id"], None)
            if (replied_to := event.get("replied_to")) and replied_to["id"] in known:
                known[replied_to["id"]] |= replied_to
        case "message.pinned" | "message.unpinned":
            _replace(known, message)
            conversation["pins"].pop(message["id"], None)
            if message["pinned_at"]:
                pin = {"message": None, "pinned_by": event["by"], "pinned_at": message["pinned_at"]}
                conversation["pins"][message["id"]] = pin
        case "message.attachments_changed":
            _replace(known, message)
        case "reaction.added" | "reaction.removed":
            _replace(known, message)
            if event["user_id"] == own_id and message["id"] in known:
                _react(known[message["id"]], event)
        case kind:
            raise AssertionError(f"nobody told this device of {kind}")


def _add(
    conversation: dict[str, Any], known: dict[int, dict[str, Any]], message: dict[str, Any]
) -> None:
    if message["reply_to"] and (original := known.get(message["reply_to"]["id"])):
        original["replies_count"] += 1
    conversation["messages"] = [*conversation["messages"], message][-OPENED:]


def _replace(known: dict[int, dict[str, Any]], message: dict[str, Any]) -> None:
    """Also where it is quoted."""
    if message["id"] in known:
        known[message["id"]].update(message)
    for reply in known.values():
        if "body" in message and reply["reply_to"] and reply["reply_to"]["id"] == message["id"]:
            reply["reply_to"] |= {"body": message["body"][:QUOTE_CHARACTERS]}


def _react(message: dict[str, Any], event: dict[str, Any]) -> None:
    """Nobody else's device is told which are one's own: who reacted is enough."""
    mine = set(message.pop("my_reactions", [])) - {event["emoji"]}
    if event["type"] == "reaction.added":
        mine.add(event["emoji"])
    if mine:
        message["my_reactions"] = sorted(mine)
