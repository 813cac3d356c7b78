"""Idle sockets: what do they cost, and how soon does each of them have a message?

.venv/bin/python -m bench.idle [sockets]
"""

import asyncio
import resource
import sys
from time import perf_counter
from typing import Any

import httpx
import uvloop

from bench.house import House, pinned_house
from bench.requests import people

AT_ONCE = 50  # Handshakes under way.
QUIET_SECONDS = 30  # Longer than a heartbeat takes, so that what it costs is seen.
MESSAGES = 5
PING, TEXT = 0x89, 0x81


class Heard:
    """When each of the listeners had the message."""

    def begin(self, count: int) -> None:
        self.count, self.at = count, list[float]()
        self.complete = asyncio.Event()

    def note(self) -> None:
        self.at.append(perf_counter())
        if len(self.at) == self.count:
            self.complete.set()


class Listener(asyncio.Protocol):
    """The least that a client of the native socket can be. Server frames are not masked."""

    def __init__(self, handshake: bytes, heard: Heard) -> None:
        self.handshake, self.heard = handshake, heard
        self.buffer, self.is_open = b"", False
        self.welcomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(self.handshake)

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.is_open:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101"), head
            self.is_open = True
        while (frame := self.next_frame()) is not None:
            self.hear(*frame)

    def next_frame(self) -> tuple[int, bytes] | None:
        if len(self.buffer) < 2:
            return None
        size, begin = self.buffer[1], 2
        if size == 126:
            size, begin = int.from_bytes(self.buffer[2:4]), 4
        if len(self.buffer) < begin + size:
            return None
        opcode, payload = self.buffer[0], self.buffer[begin : begin + size]
        self.buffer = self.buffer[begin + size :]
        return opcode, payload

    def hear(self, opcode: int, payload: bytes) -> None:
        if opcode == PING:  # Answered with a pong whose mask is zero.
            self.transport.write(bytes([0x8A, 0x80 | len(payload), 0, 0, 0, 0]) + payload)
        elif b'"message.created"' in payload:
            self.heard.note()
        elif not self.welcomed.done():
            self.welcomed.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.welcomed.done():
            self.welcomed.set_exception(exc or ConnectionError("closed during the handshake"))


async def enter(
    house: House, cookie: str, conversation: int, count: int, heard: Heard
) -> list[Listener]:
    handshake = (
        f"GET /cable/{conversation} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
    gate = asyncio.Semaphore(AT_ONCE)
    loop = asyncio.get_running_loop()

    async def one() -> Listener:
        async with gate:
            _, listener = await loop.create_connection(
                lambda: Listener(handshake, heard), "127.0.0.1", house.port
            )
            await listener.welcomed
            return listener

    return list(await asyncio.gather(*(one() for _ in range(count))))


async def measure(house: House, count: int) -> None:
    cookie, conversation = await asyncio.to_thread(people, house)
    heard = Heard()
    await enter(house, cookie, conversation, 100, heard)  # Warm up.
    memory, cpu, began = house.worker_memory_bytes(), house.worker_cpu_seconds(), perf_counter()
    listeners = await enter(house, cookie, conversation, count, heard)
    entered = perf_counter() - began
    handshake_cpu = (house.worker_cpu_seconds() - cpu) / count
    memory = (house.worker_memory_bytes() - memory) // count
    cpu = house.worker_cpu_seconds()
    await asyncio.sleep(QUIET_SECONDS)
    quiet_cpu = (house.worker_cpu_seconds() - cpu) / QUIET_SECONDS
    delays = await say(house, cookie, conversation, heard, count + 100)
    assert not any(listener.transport.is_closing() for listener in listeners)
    p50, p99 = (delays[int(len(delays) * p)] * 1e3 for p in (0.5, 0.99))
    print("| idle sockets | entered in s | CPU ms each | KB each | idle CPU % | p50 ms | p99 ms |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    print(
        f"| {count:,} | {entered:.1f} | {handshake_cpu * 1e3:.2f} | {memory / 1024:.1f} |"
        f" {quiet_cpu * 100:.1f} | {p50:.0f} | {p99:.0f} |"
    )


async def say(
    house: House,
    cookie: str,
    conversation: int,
    heard: Heard,
    count: int,
    messages: int = MESSAGES,
) -> list[float]:
    """Units: seconds from before the message is posted until each has it, sorted."""
    delays = []
    path = f"http://127.0.0.1:{house.port}/conversations/{conversation}/messages"
    async with httpx.AsyncClient(headers={"Cookie": cookie}) as alice:
        for number in range(messages):
            heard.begin(count)
            said_at = perf_counter()
            (await alice.post(path, json={"body": str(number)})).raise_for_status()
            async with asyncio.timeout(30):
                await heard.complete.wait()
            delays += [at - said_at for at in heard.at]
    return sorted(delays)


if __name__ == "__main__":
    sockets = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # The server inherits it.
    with pinned_house() as pinned:
        uvloop.run(measure(pinned, sockets))
