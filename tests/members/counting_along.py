"""What is unread, as a device counts along with what it hears: as the README tells it to."""

from typing import Any

NUMBERS = ("last_read_seq", "unread_count", "unread_mentions")


class Unread:
    """Of one conversation. `seq` is the position of the numbers that the house gave last."""

    def __init__(self, opened: dict[str, Any], own_id: int) -> None:
        self.own_id = own_id
        self.heard: list[dict[str, Any]] = []
        self._take(opened["seq"], opened)

    def _take(self, seq: int, numbers: dict[str, Any]) -> None:
        self.seq = seq
        self.numbers = {name: numbers[name] for name in NUMBERS}

    def update(self, event: dict[str, Any]) -> None:
        """What the house counted, and on top of it what happened in the conversation since."""
        seq = event["conversation"]["seq"]
        if seq >= self.seq:
            self._take(seq, event)
            for one in self.heard:
                self._count(one)

    def hear(self, event: dict[str, Any]) -> None:
        self.heard.append(event)
        self._count(event)

    def _count(self, event: dict[str, Any]) -> None:
        if event["seq"] <= self.seq or event["type"] not in (
            "message.created",
            "message.withdrawn",
        ):
            return
        message = event["message"]
        if message["user_id"] == self.own_id or message["seq"] <= self.numbers["last_read_seq"]:
            return
        if event["type"] == "message.withdrawn":
            self.numbers["unread_count"] -= 1
        else:
            self.numbers["unread_count"] += 1
            is_called = message["mentions_everyone"] or self.own_id in message["mentions"]
            self.numbers["unread_mentions"] += is_called
