"""What a request costs, and the tables in which it is kept."""

import csv
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from time import perf_counter
from typing import Self

from bench.house import House
from bench.requests import load

RESULTS = Path(__file__).with_name("results")
_WARM_UP = 0.25  # Of the time that is then measured.
_LEAST_CPU_SECONDS = 0.3  # Its clock ticks each 10 ms.


@dataclass(frozen=True)
class Cost:
    """Units: µs of CPU for each, answers or deliveries a second, ms."""

    size: int
    what: str
    worker_us: float
    postgres_us: float
    rate: float
    p50_ms: float
    p99_ms: float

    @classmethod
    async def of(
        cls, house: House, size: int, what: str, request: bytes, seconds: float, status: int = 200
    ) -> Self:
        """Over 32 connections, each asking again when it was answered."""
        await load(house, [request], seconds * _WARM_UP)
        worker, postgres = house.worker_cpu_seconds(), house.postgres_cpu_seconds()
        took, statuses, began = list[float](), Counter[int](), perf_counter()
        while house.worker_cpu_seconds() < worker + _LEAST_CPU_SECONDS:
            more, answers = await load(house, [request], seconds)
            took += more
            statuses += answers
        rate = len(took) / (perf_counter() - began)
        worker = (house.worker_cpu_seconds() - worker) / len(took) * 1e6
        postgres = (house.postgres_cpu_seconds() - postgres) / len(took) * 1e6
        assert set(statuses) == {status}, f"{what}: {dict(statuses)}"
        took.sort()
        p50, p99 = (took[int(len(took) * part)] * 1e3 for part in (0.5, 0.99))
        return cls(size, what, worker, postgres, rate, p50, p99)

    def __str__(self) -> str:
        return (
            f"| {self.size:,} | {self.what} | {self.worker_us:,.0f} | {self.postgres_us:,.0f} |"
            f" {self.rate:,.0f} | {self.p50_ms:.1f} | {self.p99_ms:.1f} |"
        )


HEAD = """| size | what | worker CPU µs | Postgres CPU µs | a second | p50 ms | p99 ms |
|---:|---|---:|---:|---:|---:|---:|"""


def keep(part: str, costs: Iterable[Cost]) -> None:
    RESULTS.mkdir(exist_ok=True)
    with _file(part).open("w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(field.name for field in fields(Cost))
        for cost in costs:
            table.writerow(
                round(value, 2) if isinstance(value, float) else value
                for value in asdict(cost).values()
            )


def kept(part: str) -> list[Cost]:
    """None if it was not measured."""
    if not _file(part).exists():
        return []
    with _file(part).open(newline="") as file:
        return [
            Cost(int(row.pop("size")), row.pop("what"), **{k: float(v) for k, v in row.items()})
            for row in csv.DictReader(file)
        ]


def _file(part: str) -> Path:
    return RESULTS / f"{part}.csv"
