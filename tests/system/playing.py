"""A fault, played and judged: the same for a test and for a long run."""

import asyncio
from dataclasses import dataclass

from tests.system.checker import Verdict, judge
from tests.system.faults import Fault
from tests.system.scene import Scene, raise_the_curtain
from tests.system.stage import Stage

# Only a play that fails takes as long.
_PLAY_MAX_SECONDS = 120


@dataclass(frozen=True)
class Report:
    """What came of one play.

    Units: seconds; `slowest` is a POST's, and `latest` what the last subscriber had to wait for a
    message after it was acknowledged.
    """

    acknowledged: int
    refused: int
    broken: int
    slowest_seconds: float
    latest_seconds: float
    verdict: Verdict

    @classmethod
    def of(cls, scene: Scene, verdict: Verdict) -> "Report":
        ledgers = [room.ledger for room in scene.rooms]
        return cls(
            sum(len(ledger.acknowledged) for ledger in ledgers),
            sum(ledger.refused for ledger in ledgers),
            sum(ledger.broken for ledger in ledgers),
            max(ledger.slowest_seconds for ledger in ledgers),
            max(room.seconds_to_everybody() for room in scene.rooms),
            verdict,
        )


async def play(stage: Stage, fault: Fault) -> Report:
    """Load before, during and after it; then everything is held against what was promised."""
    async with asyncio.timeout(_PLAY_MAX_SECONDS):
        async with raise_the_curtain(stage) as scene:
            await scene.go_on()
            await fault.strike(stage, scene)
            await scene.go_on()
            await scene.end()
        report = Report.of(scene, await judge(stage, scene))
    if report.refused + report.broken and not fault.posts_fail:
        report.verdict.strange.append(f"{report.refused} refused, {report.broken} broken")
    return report
