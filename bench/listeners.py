"""Live delivery: many sockets in one conversation; does each get each message, once, and how soon?

.venv/bin/python -m bench.listeners [sockets]
"""

import asyncio
import json
import sys
from collections import Counter
from time import perf_counter

import httpx
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from bench.house import House, pinned_house
from bench.requests import people

MESSAGES = 20
AT_ONCE = 50  # Handshakes under way.


async def enter(house: House, cookie: str, conversation: int, count: int) -> list[ClientConnection]:
    gate = asyncio.Semaphore(AT_ONCE)
    url = f"ws://127.0.0.1:{house.port}/cable/{conversation}"

    async def one() -> ClientConnection:
        async with gate:
            socket = await connect(
                url, additional_headers={"Cookie": cookie}, proxy=None, compression=None
            )
            assert json.loads(await socket.recv())["type"] == "welcome"
            return socket

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def measure(house: House, count: int) -> None:
    cookie, conversation = await asyncio.to_thread(people, house)
    began = perf_counter()
    sockets = await enter(house, cookie, conversation, count)
    entered = perf_counter() - began
    heard: Counter[tuple[int, int]] = Counter()
    delays: list[float] = []
    sent: dict[int, float] = {}

    async def listen(number: int, socket: ClientConnection) -> None:
        left = MESSAGES
        while left:
            event = json.loads(await socket.recv())
            if event["type"] == "message.created":
                left -= 1
                heard[number, event["seq"]] += 1
                delays.append(perf_counter() - sent[int(event["message"]["body"])])

    listening = asyncio.gather(*(listen(n, socket) for n, socket in enumerate(sockets)))
    before = house.worker_cpu_seconds()
    async with httpx.AsyncClient(headers={"Cookie": cookie}) as alice:
        for number in range(MESSAGES):
            sent[number] = perf_counter()
            path = f"http://127.0.0.1:{house.port}/conversations/{conversation}/messages"
            (await alice.post(path, json={"body": str(number)})).raise_for_status()
            await asyncio.sleep(0.25)
    await asyncio.wait([listening], timeout=10)
    cpu = (house.worker_cpu_seconds() - before) / max(1, len(delays)) * 1e6
    delays.sort()
    lost, twice = count * MESSAGES - len(heard), sum(heard.values()) - len(heard)
    print("| sockets | entered in s | messages | lost | twice | p50 ms | p99 ms | CPU µs each |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    p50, p99 = (delays[int(len(delays) * p)] * 1e3 for p in (0.5, 0.99))
    print(
        f"| {count:,} | {entered:.1f} | {MESSAGES} | {lost} | {twice} |"
        f" {p50:.0f} | {p99:.0f} | {cpu:.1f} |"
    )


if __name__ == "__main__":
    with pinned_house() as pinned:
        uvloop.run(measure(pinned, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000))
