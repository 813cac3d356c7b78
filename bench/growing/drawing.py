"""The plots, in colours for a light page and for a dark one."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, log10
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from bench.growing.costs import Cost, kept

PLOTS = Path(__file__).parents[1] / "plots"
# Told apart also by who sees red and green alike, and on paper of either colour.
_LINES = ("#0072b2", "#d55e00", "#009e73", "#b8698f")
_PAGES = {"light": ("#1f2328", "#d1d9e0"), "dark": ("#e6edf3", "#3d444d")}


@dataclass(frozen=True)
class Panel:
    part: str
    title: str
    along: str


_PANELS = (
    Panel("messages", "A longer history", "messages in the conversation"),
    Panel("conversations", "A fuller list", "conversations of the person"),
    Panel("members", "A bigger group", "members of the conversation"),
    Panel("listeners", "More listeners", "sockets that hear a message"),
    Panel("events", "A longer log", "events in the log"),
)


def draw_all() -> None:
    PLOTS.mkdir(exist_ok=True)
    for page, (ink, grid) in _PAGES.items():
        style = {
            "svg.fonttype": "none",
            "svg.hashsalt": "chatflow",
            "font.family": "sans-serif",
            "font.size": 10,
            "text.color": ink,
            "axes.labelcolor": ink,
            "axes.edgecolor": grid,
            "axes.grid": True,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.titleweight": "bold",
            "axes.titlelocation": "left",
            "grid.color": grid,
            "grid.linewidth": 0.6,
            "xtick.color": ink,
            "ytick.color": ink,
            "lines.linewidth": 2,
            "lines.markersize": 4,
        }
        with mpl.rc_context(style):
            _save(_growing(), f"growing-{page}")


def _save(figure: Any, name: str) -> None:
    """Without the time: the same numbers give the same file."""
    figure.savefig(PLOTS / f"{name}.svg", transparent=True, metadata={"Date": None})


def _growing() -> Any:
    figure: Any = Figure(figsize=(10, 11), layout="constrained")
    figure.get_layout_engine().set(hspace=0.06, wspace=0.04)
    figure.suptitle(
        "CPU time of each answer:  ——  a worker   – – –  Postgres\n", x=0.01, ha="left", fontsize=11
    )
    panels = figure.subplots(3, 2)
    for panel, axes in zip(_PANELS, panels.flat, strict=False):
        _draw_costs(axes, panel)
    _draw_workers(panels.flat[-1])
    return figure


def _draw_costs(axes: Any, panel: Panel) -> None:
    costs = kept(panel.part)
    for color, what in zip(_LINES, dict.fromkeys(cost.what for cost in costs), strict=False):
        of_it = [cost for cost in costs if cost.what == what]
        axes.plot([], [], color=color, label=what)
        _draw_line(axes, of_it, lambda cost: cost.worker_us, color=color, marker="o")
        _draw_line(axes, of_it, lambda cost: cost.postgres_us, color=color, linestyle="--")
    axes.set(xlabel=panel.along, ylabel="CPU µs", xscale="log", yscale="log")
    axes.set_ylim(*_decades(costs))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(_short)
        axis.set_minor_locator(NullLocator())
    _entitle(axes, panel.title)


def _draw_line(
    axes: Any, costs: list[Cost], value: Callable[[Cost], float], **style: object
) -> None:
    drawn = [(cost.size, value(cost)) for cost in costs if value(cost) > 0]
    if drawn:
        axes.plot(*zip(*drawn, strict=True), **style)


def _decades(costs: list[Cost]) -> tuple[float, float]:
    """Whole ones, and at least two of them: what does not grow is to look like it."""
    values = [us for cost in costs for us in (cost.worker_us, cost.postgres_us) if us > 0] or [1]
    lowest, highest = floor(log10(min(values))), ceil(log10(max(values)))
    return 10.0 ** min(lowest, highest - 2), 10.0**highest


def _short(value: float, _place: int | None = None) -> str:
    if value >= 1e6:
        return f"{value / 1e6:g} M"
    return f"{value:,g}"


def _draw_workers(axes: Any) -> None:
    costs = kept("workers")
    names = list(dict.fromkeys(cost.what for cost in costs))
    for number, (size, color) in enumerate(zip((1, 2), _LINES, strict=False)):
        rates = [next(c.rate for c in costs if (c.size, c.what) == (size, name)) for name in names]
        places = [place + 0.38 * (number - 0.5) for place in range(len(names))]
        label = f"{size} worker{'s' * (size > 1)}"
        bars = axes.bar(places, rates, width=0.36, color=color, label=label)
        axes.bar_label(bars, fmt="{:,.0f}", fontsize=8, padding=2)
    axes.set_xticks(range(len(names)), names)
    axes.set(ylabel="answers a second, all on two CPUs")
    axes.yaxis.set_major_formatter(_short)
    axes.set_axisbelow(True)
    axes.margins(y=0.1)
    axes.grid(visible=False, axis="x")
    _entitle(axes, "Another worker")


def _entitle(axes: Any, title: str) -> None:
    """What is what stands below the title, and in the way of no line."""
    axes.set_title(title, pad=24)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(
            frameon=False,
            fontsize=9,
            ncols=4,
            loc="lower left",
            bbox_to_anchor=(0, 1),
            borderaxespad=0.2,
            borderpad=0,
            handlelength=1.2,
            columnspacing=1.4,
        )
