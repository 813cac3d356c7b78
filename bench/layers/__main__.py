"""What each layer of a request costs in CPU, from the outermost to the endpoint and back.

Without a server and its parser: the application is called with a bare ASGI scope. A middleware is
measured alone, around something that only answers; what is inside of the router, as it is.

.venv/bin/python -m bench.layers [times]
"""

import copy
import json
import logging
import shutil
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from itertools import pairwise
from pathlib import Path
from time import process_time
from typing import Any

import uvloop
from fastapi import FastAPI
from fastapi.dependencies.utils import solve_dependencies
from starlette.requests import Request
from starlette.types import ASGIApp, Scope

from bench.layers.asking import Ask, house, only_answer, send

ROUNDS = 5  # The quickest counts: whatever else the machine does only adds.


async def cost(act: Callable[[], Awaitable[object]], times: int) -> float:
    """Units: µs of CPU, each time."""
    quickest = float("inf")
    for _ in range(ROUNDS):
        began = process_time()
        for _ in range(times // ROUNDS):
            await act()
        quickest = min(quickest, process_time() - began)
    return quickest / (times // ROUNDS) * 1e6


def middlewares(app: FastAPI) -> list[Any]:
    """The outermost first."""
    found = list[Any]()
    layer: Any = app.build_middleware_stack()
    while layer is not app.router:
        found.append(layer)
        layer = getattr(layer, _inner(layer))
    return found


def _inner(layer: ASGIApp) -> str:
    """The name by which it knows what is inside of it."""
    return "app" if hasattr(layer, "app") else "_app"


async def cost_of_middleware(layer: Any, ask: Ask, times: int) -> float:
    alone = copy.copy(layer)
    setattr(alone, _inner(layer), only_answer)
    around = await cost(lambda: alone(ask.scope(), ask.receive, send), times)
    return around - await cost(lambda: only_answer(ask.scope(), ask.receive, send), times)


async def costs_inside(app: FastAPI, ask: Ask, times: int) -> dict[str, float]:
    """Of what the router finds. What is left over is what FastAPI does around it."""

    def fresh() -> Scope:
        return {**ask.scope(), "fastapi_middleware_astack": AsyncExitStack()}

    whole = await cost(lambda: app.router(fresh(), ask.receive, send), times)
    finding = await cost(lambda: _find(app, fresh()), times)
    parts = await _parts(app, ask, fresh, times)
    return {"router": finding} | parts | {"FastAPI": whole - finding - sum(parts.values())}


async def _find(app: FastAPI, scope: Scope) -> ASGIApp:
    signpost: Any = app.router.middleware_stack
    way: ASGIApp = signpost._find(scope)
    return way


async def _parts(
    app: FastAPI, ask: Ask, fresh: Callable[[], Scope], times: int
) -> dict[str, float]:
    quickest = dict.fromkeys(("dependencies", "endpoint, commit", "answer"), float("inf"))
    for _ in range(ROUNDS):
        sums = dict.fromkeys(quickest, 0.0)
        for _ in range(times // ROUNDS):
            scope = fresh()
            await _find(app, scope)
            marks = await _marks(scope, ask)
            for name, (began, ended) in zip(sums, pairwise(marks), strict=True):
                sums[name] += ended - began
        quickest = {name: min(quickest[name], sums[name]) for name in sums}
    return {name: sum / (times // ROUNDS) * 1e6 for name, sum in quickest.items()}


async def _marks(scope: Scope, ask: Ask) -> list[float]:
    """As FastAPI does it: who asks and what, the endpoint, the commit, and then the answer."""
    dependant = scope["route"].dependant
    body = json.loads(ask.body) if ask.body else None
    async with AsyncExitStack() as of_request:
        async with AsyncExitStack() as of_function:
            scope.update(fastapi_inner_astack=of_request, fastapi_function_astack=of_function)
            marks = [process_time()]
            solved = await solve_dependencies(
                request=Request(scope, ask.receive, send),
                dependant=dependant,
                body=body,
                async_exit_stack=of_request,
                embed_body_fields=False,
            )
            assert not solved.errors, solved.errors
            marks.append(process_time())
            answer = await dependant.call(**solved.values)
        marks.append(process_time())
        await answer(scope, ask.receive, send)
        return [*marks, process_time()]


async def main(folder: Path, times: int) -> None:
    logging.disable(logging.INFO)
    async with house(folder) as (app, asks):
        layers = middlewares(app)
        table: dict[str, list[float]] = {}
        for ask in asks:
            costs = {
                type(layer).__name__: await cost_of_middleware(layer, ask, 10 * times)
                for layer in layers
            }
            costs |= await costs_inside(app, ask, times)
            costs["all"] = sum(costs.values())
            for name, one in costs.items():
                table.setdefault(name, []).append(one)
    print(f"| CPU µs of | {' | '.join(f'{ask.method} {ask.path}' for ask in asks)} |")
    print("|---|" + "---:|" * len(asks))
    for name, row in table.items():
        print(f"| {name} | {' | '.join(f'{one:,.1f}' for one in row)} |")


if __name__ == "__main__":
    place = Path(tempfile.mkdtemp(prefix="chatflow-bench-", dir="/tmp"))
    place.chmod(0o755)
    try:
        uvloop.run(main(place, int(sys.argv[1]) if len(sys.argv) > 1 else 2_000))
    finally:
        shutil.rmtree(place, ignore_errors=True)
