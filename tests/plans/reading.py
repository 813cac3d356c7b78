"""What Postgres read to answer: by the plans of all that it did, as it wrote them into its log.

It tells of whatever was sent to it, by whichever way, and of what its functions and references
asked in turn. So nothing here knows how the application asks.
Source: PostgreSQL documentation, F.3, auto_explain
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# Of the database in which they are set: every connection that is made from then on tells.
TELLING = {
    "session_preload_libraries": "auto_explain",
    "auto_explain.log_min_duration": "0",
    "auto_explain.log_analyze": "on",
    "auto_explain.log_buffers": "on",
    "auto_explain.log_timing": "off",
    "auto_explain.log_nested_statements": "on",
    "auto_explain.log_format": "json",
    "auto_explain.log_parameter_max_length": "0",
}
_PLAN = re.compile(r"  plan:\n((?:\t.*\n)+)")
# What a node reads and does not pass on.
_REMOVED = ("Rows Removed by Filter", "Rows Removed by Index Recheck")


@dataclass(frozen=True)
class Plan:
    """One statement, and the nodes of its plan."""

    statement: str
    nodes: list[dict[str, Any]]

    @property
    def rows(self) -> int:
        """That were read from tables and indexes, whether they were of use or not."""
        return round(sum(_rows_of(node) for node in self.nodes if "Scan" in node["Node Type"]))

    @property
    def pages(self) -> int:
        """Of 8 kB, in memory or not: those of an index from its root on."""
        whole = self.nodes[0]
        return int(whole["Shared Hit Blocks"] + whole["Shared Read Blocks"])

    @property
    def tables(self) -> set[str]:
        return {node["Relation Name"] for node in self.nodes if "Relation Name" in node}

    @property
    def whole_tables(self) -> set[str]:
        """That were read from one end to the other."""
        return {
            node["Relation Name"]
            for node in self.nodes
            if node["Node Type"] in ("Seq Scan", "Sample Scan")
        }


@dataclass
class Read:
    plans: list[Plan] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return sum(plan.rows for plan in self.plans)

    @property
    def pages(self) -> int:
        return sum(plan.pages for plan in self.plans)

    @property
    def tables(self) -> set[str]:
        return set().union(*(plan.tables for plan in self.plans))

    def __str__(self) -> str:
        lines = [f"{one.rows} rows, {one.pages} pages: {one.statement}" for one in self.plans]
        return "\n\n".join(lines)


class Reading:
    def __init__(self, log: Path) -> None:
        self._log = log
        self._end = log.stat().st_size

    def since_last(self) -> Read:
        with self._log.open("rb") as log:
            log.seek(self._end)
            told = log.read()
        self._end += len(told)
        return Read([_plan(text) for text in _PLAN.findall(told.decode())])


def _plan(text: str) -> Plan:
    told = json.loads(text)
    return Plan(" ".join(told["Query Text"].split()), list(_nodes(told["Plan"])))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for part in node.get("Plans", []):
        yield from _nodes(part)


def _rows_of(node: dict[str, Any]) -> float:
    if "Relation Name" not in node and "Index Name" not in node:
        return 0  # What was read before, or was no table: CTEs, functions, values.
    per_loop = node["Actual Rows"] + sum(node.get(name, 0) for name in _REMOVED)
    return float(per_loop * node["Actual Loops"])
