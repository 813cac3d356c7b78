"""Marks, as a client sets and sees them."""

from typing import Any

import httpx

from tests.factories import Person
from tests.members.counting_along import NUMBERS
from tests.members.groups import Group


async def mark(group: Group, person: Person, kind: str, seq: Any) -> httpx.Response:
    """`kind` is read, unread or delivered."""
    return await person.client.put(f"{group.path}/{kind}", json={"seq": seq})


async def unread(group: Group, person: Person) -> tuple[int, int, int]:
    """As the list shows it, and the conversation itself. Shape: (last_read_seq, count, mentions)"""
    opened = await group.open(person)
    listed = (await person.client.get("/conversations")).json()
    (one,) = [one for one in listed if one["id"] == group.conversation.id]
    assert [one[name] for name in (*NUMBERS, "seq")] == [opened[name] for name in (*NUMBERS, "seq")]
    last_read_seq, count, mentions = (opened[name] for name in NUMBERS)
    return last_read_seq, count, mentions


async def receipts(group: Group, person: Person) -> dict[int, tuple[int, int]]:
    """Shape: {user_id: (read_seq, delivered_seq)}"""
    answer = await person.client.get(f"{group.path}/receipts")
    assert answer.status_code == 200, answer.text
    return {
        one["user_id"]: (one["read_seq"], one["delivered_seq"]) for one in answer.json()["receipts"]
    }


async def said(group: Group, by: Person, body: str = "Hello") -> int:
    """Shape: its seq"""
    answer = await group.post(by, body)
    assert answer.status_code == 201, answer.text
    seq: int = answer.json()["seq"]
    return seq
