"""HTTP: requests a second over 32 connections, each asking again when it was answered.

.venv/bin/python -m bench.requests [seconds]
"""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import cycle
from time import perf_counter
from typing import Any

import httpx
import uvloop

from bench.house import House, pinned_house

CONNECTIONS = 32
BODY = {"body": "A message about as long as one line of a chat, or a little more than that."}


class Asker(asyncio.Protocol):
    """One kept connection. Parses no more of an answer than where it ends."""

    def __init__(
        self, requests: Iterator[bytes], seconds: list[float], statuses: Counter[int]
    ) -> None:
        self.requests, self.seconds, self.statuses = requests, seconds, statuses
        self.buffer, self.began, self.is_over = bytearray(), 0.0, False
        self.closed = asyncio.Event()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        self.ask()

    def ask(self) -> None:
        self.began = perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        head = self.buffer.find(b"\r\n\r\n") + 4
        if head < 4:
            return
        length = self.buffer.lower().find(b"content-length:", 0, head)
        if length < 0:  # Of a 304.
            end = head
        else:
            end = head + int(self.buffer[length + 15 : self.buffer.find(b"\r\n", length)])
        if len(self.buffer) < end:
            return
        self.seconds.append(perf_counter() - self.began)
        self.statuses[int(self.buffer[9:12])] += 1
        del self.buffer[:end]
        self.transport.close() if self.is_over else self.ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self.closed.set()


async def load(
    house: House, requests: Iterable[bytes], duration: float
) -> tuple[list[float], Counter[int]]:
    """Each in turn, and again."""
    each_in_turn = cycle(requests)
    seconds: list[float] = []
    statuses: Counter[int] = Counter()
    loop = asyncio.get_running_loop()
    askers = [
        (
            await loop.create_connection(
                lambda: Asker(each_in_turn, seconds, statuses), "127.0.0.1", house.port
            )
        )[1]
        for _ in range(CONNECTIONS)
    ]
    await asyncio.sleep(duration)
    for asker in askers:
        asker.is_over = True
    # What is still under way costs, too.
    await asyncio.gather(*(asker.closed.wait() for asker in askers))
    return seconds, statuses


def people(house: House) -> tuple[str, int]:
    """Shape: (Alice's cookie, the id of her conversation with Bob)"""
    base = f"http://127.0.0.1:{house.port}"
    with httpx.Client(base_url=base) as alice, httpx.Client(base_url=base) as bob:
        ids = []
        for name, client in (("alice", alice), ("bob", bob)):
            user = {"email": f"{name}@example.com", "password": "a long secret", "username": name}
            ids.append(client.post("/users", json={"user": user}).json()["user"]["id"])
        conversation = alice.post("/conversations", json={"participant_ids": ids}).json()["id"]
        return f"_chatflow_session={alice.cookies['_chatflow_session']}", conversation


def request(
    method: str, path: str, cookie: str, body: dict[str, str] | None = None, tag: str = ""
) -> bytes:
    payload = json.dumps(body).encode() if body else b""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", f"Cookie: {cookie}"]
    if tag:
        lines += [f"If-None-Match: {tag}"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(payload)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload


def tag_of(house: House, path: str, cookie: str) -> str:
    answer = httpx.get(f"http://127.0.0.1:{house.port}{path}", headers={"Cookie": cookie})
    return answer.headers["etag"]


async def measure(house: House, duration: float) -> None:
    cookie, conversation = await asyncio.to_thread(people, house)
    messages = f"/conversations/{conversation}/messages"
    newest = f"{messages}?limit=50"
    post = request("POST", messages, cookie, BODY)
    print("| request | requests/s | p50 ms | p99 ms | worker CPU µs | answers |")
    print("|---|---:|---:|---:|---:|---|")
    print(await row(house, f"POST {messages}", [post], duration))
    tag = await asyncio.to_thread(tag_of, house, newest, cookie)
    # Several times as many pages as are kept.
    pages = [f"{newest}&before={seq}" for seq in range(100, 8_100)]
    for name, asked in {
        f"GET {newest}": [request("GET", newest, cookie)],
        f"GET {newest}, unchanged": [request("GET", newest, cookie, tag=tag)],
        f"GET {newest}, each another": [request("GET", page, cookie) for page in pages],
        "GET /conversations": [request("GET", "/conversations", cookie)],
        "GET /users/me": [request("GET", "/users/me", cookie)],
        "GET /up": [request("GET", "/up", cookie)],
    }.items():
        print(await row(house, name, asked, duration))


async def row(house: House, name: str, asked: list[bytes], duration: float) -> str:
    await load(house, asked, duration / 4)  # Warm up.
    before = house.worker_cpu_seconds()
    seconds, statuses = await load(house, asked, duration)
    cpu = (house.worker_cpu_seconds() - before) / len(seconds) * 1e6
    seconds.sort()
    p50, p99 = (seconds[int(len(seconds) * p)] * 1e3 for p in (0.5, 0.99))
    rate = len(seconds) / duration
    return f"| `{name}` | {rate:,.0f} | {p50:.1f} | {p99:.1f} | {cpu:,.0f} | {dict(statuses)} |"


if __name__ == "__main__":
    with pinned_house() as pinned:
        uvloop.run(measure(pinned, float(sys.argv[1]) if len(sys.argv) > 1 else 10))
