"""Would the log be better off in a partition for each day? One table beside thirty, of a month.

.venv/bin/python -m bench.partitions [events]
"""

import shutil
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import uvloop

from app.cli.embedded import embedded_servers
from bench.filling import DATA

DAYS, TOPICS, TIMES = 30, 10_000, 2_000

# As the log's own, but that a key of partitions has what they are made by in it.
_COLUMNS = (
    "topic text, seq bigint, at timestamptz, name text, data text, PRIMARY KEY (topic, seq, at)"
)
_TABLES = f"""
    CREATE TABLE one ({_COLUMNS});
    CREATE INDEX ON one USING brin (at);
    CREATE TABLE many ({_COLUMNS}) PARTITION BY RANGE (at);
"""
_DAY = """
    CREATE TABLE many_{day} PARTITION OF many
    FOR VALUES FROM ('2024-01-01'::timestamptz + {day} * interval '1 day')
    TO ('2024-01-01'::timestamptz + ({day} + 1) * interval '1 day')
"""
_FILL = f"""
    INSERT INTO {{table}}
    SELECT 'conversation:' || n % {TOPICS}, n / {TOPICS} + 1,
        '2024-01-01'::timestamptz + n * ({DAYS} * interval '1 day' / $1), 'message.created', $2
    FROM generate_series(0, $1::bigint - 1) AS n
"""
_SINCE = """
    SELECT topic, name, data, seq, at FROM {table}
    WHERE topic = $1 AND seq > $2 ORDER BY seq LIMIT 200
"""
_APPEND = "INSERT INTO {table} VALUES ($1, $2, '2024-01-30 12:00Z', 'message.created', $3)"
_FORGET = """
    DELETE FROM one WHERE ctid IN (SELECT ctid FROM one WHERE at < '2024-01-02Z' LIMIT 5000)
"""


async def measure(url: str, events: int) -> None:
    connection: Any = await asyncpg.connect(url.replace("+asyncpg", ""))
    await connection.execute("SET timezone = 'UTC'; SET random_page_cost = 1.1; SET jit = off")
    await connection.execute(_TABLES + ";".join(_DAY.format(day=day) for day in range(DAYS)))
    per_topic = events // TOPICS
    costs: dict[str, list[float]] = defaultdict(list)
    for table in ("one", "many"):
        await connection.execute(_FILL.format(table=table), events, DATA)
        await connection.execute("VACUUM ANALYZE")
        since = await connection.prepare(_SINCE.format(table=table))
        append = await connection.prepare(_APPEND.format(table=table))
        costs["resume, 20 events"] += [await _each(since, per_topic - 20)]
        costs["append"] += [await _each(append, per_topic + 2, DATA)]
    began = perf_counter()
    while await connection.execute(_FORGET) == "DELETE 5000":
        pass
    deleted = perf_counter() - began
    began = perf_counter()
    await connection.execute("DROP TABLE many_0")
    day = events // DAYS
    costs["forget a day, each"] = [took / day * 1e6 for took in (deleted, perf_counter() - began)]
    print(f"| {events:,} events, µs | one table | {DAYS} partitions |\n|---|---:|---:|")
    for name, (one, many) in costs.items():
        print(f"| {name} | {one:,.1f} | {many:,.1f} |")


async def _each(statement: Any, *values: object) -> float:
    """Units: µs. The middle one: what else the machine does makes a few of them long."""
    took = []
    for number in range(TIMES):
        began = perf_counter()
        await statement.fetch(f"conversation:{number}", *values)
        took.append(perf_counter() - began)
    return sorted(took)[TIMES // 2] * 1e6


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="chatflow-bench-", dir="/tmp"))
    place.chmod(0o755)
    try:
        with embedded_servers(place, durable=False, redis=False) as servers:
            count = int(sys.argv[1]) if len(sys.argv) > 1 else 3_000_000
            uvloop.run(measure(str(servers.database_url), count))
    finally:
        shutil.rmtree(place, ignore_errors=True)
