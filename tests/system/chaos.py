"""One fault after another, at random and under load; then a table of what came of it.

Usage: python -m tests.system.chaos [seconds] [seed]
"""

# ruff: noqa: T201  It prints a table.

import asyncio
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from tests.system.faults import FAULTS, Fault
from tests.system.house import open_house
from tests.system.playing import Report, play
from tests.system.stage import Stage, open_stage

_HEAD = (
    *("fault", "times", "acknowledged", "refused", "broken", "slowest POST", "all heard after"),
    *("lost", "twice", "out of order", "strange"),
)


async def run(seconds: float, seed: int) -> bool:
    """Whether every promise was kept."""
    with open_house() as house:
        async with open_stage(house) as stage:
            reports = await _play_for(stage, seconds, random.Random(seed))
    print(f"\n{seconds:.0f} seconds of chaos, seed {seed}\n")
    _print_table([_HEAD, *_rows(reports)])
    complaints = [
        f"{name}: {complaint}"
        for name, those in reports.items()
        for report in those
        for complaint in report.verdict.complaints
    ]
    print("", *complaints, sep="\n")
    return not complaints


async def _play_for(
    stage: Stage, seconds: float, chance: random.Random
) -> Mapping[str, list[Report]]:
    reports: dict[str, list[Report]] = defaultdict(list)
    ends_at = time.monotonic() + seconds
    for name, fault in _at_random(stage, chance):
        if time.monotonic() > ends_at:
            break
        print(name, flush=True)
        reports[name].append(await play(stage, fault))
    return reports


def _at_random(stage: Stage, chance: random.Random) -> Iterator[tuple[str, Fault]]:
    """Each as often as the others, and never in the same order."""
    has_clock = stage.house.clock is not None
    faults = [one for one in FAULTS.items() if has_clock or not one[1].needs_clock]
    while True:
        chance.shuffle(faults)
        yield from faults


def _rows(reports: Mapping[str, list[Report]]) -> Iterator[tuple[str, ...]]:
    everything = [report for those in reports.values() for report in those]
    for name, those in [*sorted(reports.items()), ("all of them", everything)]:
        verdicts = [report.verdict for report in those]
        yield (
            name,
            f"{len(those):,}",
            f"{sum(report.acknowledged for report in those):,}",
            f"{sum(report.refused for report in those):,}",
            f"{sum(report.broken for report in those):,}",
            f"{max(report.slowest_seconds for report in those):.1f} s",
            f"{max(report.latest_seconds for report in those):.1f} s",
            f"{sum(len(verdict.lost) for verdict in verdicts):,}",
            f"{sum(len(verdict.twice) for verdict in verdicts):,}",
            f"{sum(len(verdict.out_of_order) for verdict in verdicts):,}",
            f"{sum(len(verdict.strange) for verdict in verdicts):,}",
        )


def _print_table(rows: Iterable[tuple[str, ...]]) -> None:
    """In Markdown, to be shown as it is."""
    rows = list(rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rule = ("-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:]))
    for row in [rows[0], rule, *rows[1:]]:
        cells = [f"{row[0]:<{widths[0]}}"]
        cells += [f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True)]
        print(f"| {' | '.join(cells)} |")


def main(seconds: str = "120", seed: str = "") -> None:
    is_well = asyncio.run(run(float(seconds), int(seed or time.time())))
    sys.exit(0 if is_well else 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
