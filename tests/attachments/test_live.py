"""Uploads over a real connection: big ones, and those that break off."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from app.kit.settings import Settings
from tests.answers import refusal
from tests.attachments.conftest import FileChat, file_chat_in
from tests.conftest import serve
from tests.factories import House
from tests.houses import changed

MEGABYTE = 1024 * 1024


@pytest.fixture
async def live(live_house: House, settings: Settings, file_folder: Path) -> AsyncIterator[FileChat]:
    """`live_house` cleans up behind the other."""
    async with serve(changed(settings, storage_url=f"file://{file_folder}")) as house:
        yield await file_chat_in(house, file_folder)


async def in_pieces(megabytes: int) -> AsyncIterator[bytes]:
    for number in range(megabytes):
        yield bytes([number]) * MEGABYTE


async def test_a_big_file_is_never_held_whole(live: FileChat) -> None:
    """The most that this process has ever held, server and client together, hardly grows."""
    small, big = await live.uploaded(in_pieces(6)), 24 * MEGABYTE
    assert await download(live, small["id"]) == 6 * MEGABYTE
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    for _ in range(2):
        file = await live.uploaded(in_pieces(24))
        assert (file["size"], await download(live, file["id"])) == (big, big)

    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    assert grown < big / 2


async def download(live: FileChat, id: int) -> int:
    """Not by the usual client, which reads every answer whole to hold it to its schema."""
    url, size = f"{live.house.base_url}/attachments/{id}", 0
    headers = {"cookie": live.alice.cookie}
    async with httpx.AsyncClient() as client, client.stream("GET", url, headers=headers) as answer:
        async for chunk in answer.aiter_bytes():
            size += len(chunk)
    return size


async def test_twenty_at_once_are_no_more_than_there_is_room_for(
    live_house: House, settings: Settings, file_folder: Path
) -> None:
    limits = {"attachment_quota_bytes": 60_000, "storage_url": f"file://{file_folder}"}
    async with serve(changed(settings, **limits)) as house:
        small = await file_chat_in(house, file_folder)

        answers = await asyncio.gather(*(small.upload(b"x" * 7_000) for _ in range(20)))

        taken = [answer for answer in answers if answer.status_code == 201]
        assert 0 < len(taken) <= 8
        for refused in (answer for answer in answers if answer.status_code != 201):
            assert refusal(refused) in [(413, "quota_exceeded"), (429, "too_many_uploads")]
        assert len(small.files()) == await small.rows() == len(taken)


async def test_a_client_that_vanishes_leaves_nothing(live: FileChat) -> None:
    writer = await begin(live, 8 * MEGABYTE)
    await eventually(lambda: is_uploading(live))
    assert await live.rows() == 1

    writer.transport.abort()

    await eventually(live.is_empty)
    assert (await live.upload()).status_code == 201


async def test_a_client_that_says_less_than_it_sends(live: FileChat) -> None:
    """What is beyond is no part of the file, and no request either."""
    writer = await begin(live, 10, b"0123456789GET /users/me HTTP/1.1\r\n\r\n")

    await eventually(lambda: is_stored(live))
    writer.close()

    (stored,) = live.files()
    assert stored.read_bytes() == b"0123456789"


async def test_too_much_is_refused_before_it_is_sent(live: FileChat) -> None:
    reader, writer = await open_upload(live, 26 * MEGABYTE)

    status = await asyncio.wait_for(reader.readline(), 10)

    assert status.startswith(b"HTTP/1.1 413")
    writer.close()
    assert await live.is_empty()


async def eventually(condition: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():
            await asyncio.sleep(0.01)


async def is_uploading(live: FileChat) -> bool:
    return bool(live.files()) or bool(await live.rows())


async def is_stored(live: FileChat) -> bool:
    """Under its own name: it has another as long as it grows."""
    return ["#" in path.name for path in live.files()] == [False]


async def begin(live: FileChat, size: int, body: bytes = b"x" * 100_000) -> asyncio.StreamWriter:
    _, writer = await open_upload(live, size)
    writer.write(body)
    await writer.drain()
    return writer


async def open_upload(
    live: FileChat, size: int
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection whose request has only begun."""
    address = urlsplit(live.house.base_url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"POST /attachments?name=x HTTP/1.1\r\nHost: x\r\nCookie: {live.alice.cookie}\r\n"
    writer.write(f"{head}Content-Length: {size}\r\n\r\n".encode())
    return reader, writer
