"""The one judge of all faults: what is promised, held against what everybody has."""

import json
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from app.kit.clock import iso
from tests.system.intruder import REFUSALS
from tests.system.room import Room
from tests.system.scene import Scene
from tests.system.stage import Stage
from tests.system.subscribers import PROPER_GOODBYES, Subscriber
from tests.system.transports import Frame

_PAGE = 200
_HOLES = """
    SELECT topic, last_seq, count(seq) AS events, min(seq) AS first, max(seq) AS last
    FROM streams LEFT JOIN events USING (topic) GROUP BY topic, last_seq
    HAVING (count(seq), coalesce(min(seq), 1), coalesce(max(seq), 0)) <> (last_seq, 1, last_seq)
"""
_BACKWARDS = """
    SELECT topic, seq FROM (
        SELECT topic, seq, at, lag(at) OVER (PARTITION BY topic ORDER BY seq) AS before FROM events
    ) AS times WHERE at <= before
"""
_LOG = "SELECT seq, at, name, data FROM events WHERE topic = $1 ORDER BY seq"


@dataclass
class Verdict:
    """What should not be, in words; all is well when there is nothing."""

    lost: list[str] = field(default_factory=list)
    twice: list[str] = field(default_factory=list)
    out_of_order: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)

    @property
    def complaints(self) -> list[str]:
        return [*self.lost, *self.twice, *self.out_of_order, *self.strange]


async def judge(stage: Stage, scene: Scene) -> Verdict:
    verdict = Verdict()
    await _judge_positions(stage, verdict)
    for room in scene.rooms:
        _judge_posts(room, await read_history(room), verdict)
        log = await read_log(stage, room)
        for subscriber in room.subscribers:
            _judge_record(subscriber, log, verdict)
    _judge_intruder(scene, verdict)
    return verdict


async def read_history(room: Room) -> list[dict[str, Any]]:
    """All of it, page by page, as a client would."""
    history: list[dict[str, Any]] = []
    async with room.listener.client(timeout=10) as client:
        while True:
            after = history[-1]["seq"] if history else 0
            query = f"?after={after}&limit={_PAGE}"
            page = (await client.get(f"{room.listener.path}/messages{query}")).json()["messages"]
            history += page
            if len(page) < _PAGE:
                return history


async def read_log(stage: Stage, room: Room) -> list[Frame]:
    """The events as every transport shows them."""
    id = room.speaker.conversation_id
    rows = await stage.database.query(_LOG, f"conversation:{id}")
    return [
        {"type": row["name"], "conversation_id": id, "seq": row["seq"], "at": iso(row["at"])}
        | json.loads(row["data"])
        for row in rows
    ]


async def _judge_positions(stage: Stage, verdict: Verdict) -> None:
    """Of every topic that there is: 1 to its head, each later than the one before."""
    verdict.lost += [f"a hole: {dict(row)}" for row in await stage.database.query(_HOLES)]
    verdict.out_of_order += [
        f"not later: {dict(row)}" for row in await stage.database.query(_BACKWARDS)
    ]


def _judge_posts(room: Room, history: list[dict[str, Any]], verdict: Verdict) -> None:
    acknowledged = room.ledger.acknowledged
    found = Counter(message["client_id"] for message in history)
    verdict.lost += [f"acknowledged and lost: {id}" for id in acknowledged if not found[id]]
    verdict.twice += [
        f"{count} times in the history: {id}" for id, count in found.items() if count > 1
    ]
    verdict.strange += [f"nobody was told of {id}" for id in found if id not in acknowledged]
    verdict.strange += [
        f"answered and kept differ: {message}"
        for message in history
        if message != acknowledged.get(message["client_id"], message)
    ]
    verdict.strange += room.ledger.improper


def _judge_record(subscriber: Subscriber, log: list[Frame], verdict: Verdict) -> None:
    """What it heard is the log, from where it began."""
    name, heard = subscriber.name, [frame["seq"] for frame in subscriber.record]
    wanted = {frame["seq"]: frame for frame in log[subscriber.began_at :]}
    times = Counter(heard)
    verdict.lost += [f"{name}: never heard {seq}" for seq in wanted if not times[seq]]
    verdict.twice += [f"{name}: heard {seq} again" for seq in times if times[seq] > 1]
    verdict.out_of_order += [f"{name}: {b} after {a}" for a, b in pairwise(heard) if b < a]
    verdict.strange += [
        f"{name}: not in the log: {frame}"
        for frame in subscriber.record
        if frame != wanted.get(frame["seq"])
    ]
    verdict.strange += subscriber.improper


def _judge_intruder(scene: Scene, verdict: Verdict) -> None:
    """Refused at every door; by whatever else it was told, nothing more than to come again."""
    intruder = scene.intruder
    verdict.strange += [f"a stranger heard {frame}" for frame in intruder.heard]
    if not intruder.was_refused:
        verdict.strange.append("a stranger was not refused at every door")
    strange = intruder.goodbyes - REFUSALS - PROPER_GOODBYES
    verdict.strange += [f"a stranger was told {word}" for word in strange]
