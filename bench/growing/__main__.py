"""How cost grows: measured into `results/`, drawn into `../plots/`.

.venv/bin/python -m bench.growing [part ...] [--seconds 2] [--most 10000000] [--draw]
"""

import argparse
import resource
from time import perf_counter

import uvloop

from bench.growing.costs import HEAD, keep
from bench.growing.parts import PARTS


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.growing", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="part", help=f"all of {', '.join(PARTS)}")
    parser.add_argument("--seconds", type=float, default=2, help="for each request")
    parser.add_argument("--most", type=int, default=10**7, help="of anything, for a quick look")
    parser.add_argument("--draw", action="store_true", help="only draw what was measured before")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(unknown)}")
    return given


async def measure(name: str, seconds: float, most: int) -> None:
    print(f"\n{name}: {PARTS[name].__doc__}\n\n{HEAD}", flush=True)
    began, costs = perf_counter(), []
    async for cost in PARTS[name](seconds, most):
        print(cost, flush=True)
        costs.append(cost)
    keep(name, costs)
    print(f"\n{name}: {perf_counter() - began:.0f} s", flush=True)


def draw() -> None:
    try:
        from bench.growing.drawing import draw_all
    except ModuleNotFoundError as missing:
        print(f"not drawn, for there is no {missing.name}: see bench/README.md")
    else:
        draw_all()


if __name__ == "__main__":
    given = parse()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # The server inherits it.
    for name in [] if given.draw else given.parts or PARTS:
        uvloop.run(measure(name, given.seconds, given.most))
    draw()
