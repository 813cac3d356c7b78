"""POST /attachments"""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from tests.answers import refusal
from tests.attachments.conftest import TEXT, FileChat, Files
from tests.attachments.pictures import picture

MEGABYTE = 1024 * 1024


async def test_a_file_is_taken_in(files: FileChat) -> None:
    answer = await files.upload(TEXT, "minutes.txt")

    assert answer.status_code == 201
    assert answer.json() == {
        "id": answer.json()["id"],
        "name": "minutes.txt",
        "content_type": "text/plain",
        "size": len(TEXT),
        "state": "ready",
        "width": None,
        "height": None,
        "thumbnail": False,
    }
    (stored,) = files.files()
    assert stored.read_bytes() == TEXT


async def test_an_empty_file_is_none(files: FileChat) -> None:
    assert refusal(await files.upload(b"")) == (422, "file_blank")
    assert await files.is_empty()


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\fakepath\\photo.png", "photo.png"),
        ("photo\u202egnp.exe", "photognp.exe"),
        ('a"b;\r\nX: y.txt', 'a"b; X: y.txt'),
        ("...", "file"),
        ("", "file"),
        (".bashrc", "bashrc"),
        ("отчёт 👩\u200d👩\u200d👧.pdf", "отчёт 👩\u200d👩\u200d👧.pdf"),
        ("x" * 255, "x" * 255),
    ],
)
async def test_a_name_says_nothing_dangerous(files: FileChat, sent: str, kept: str) -> None:
    uploaded = await files.uploaded(TEXT, sent)

    assert uploaded["name"] == kept
    answer = await files.read(uploaded["id"], files.alice)
    assert answer.status_code == 200
    header = answer.headers["content-disposition"]
    assert header.startswith('attachment; filename="')
    assert header.count('"') == 2, "nothing of it ends the quotes"
    assert len(files.files()) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [("x" * 5_000, "name_too_long"), ("x" * 256, "name_too_long"), ("a\0b", "name_invalid")],
)
async def test_a_name_that_is_none_is_refused(files: FileChat, name: str, code: str) -> None:
    assert refusal(await files.upload(TEXT, name)) == (422, code)
    assert await files.is_empty()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "text/plain"),
        (b"<!doctype html><script>alert(1)</script>", "text/plain"),
        (b"MZ\x90\0" + b"\0" * 100, "application/octet-stream"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"PK\x03\x04" + b"\0" * 60, "application/zip"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 100, "video/mp4"),
        ("é".encode() * 10_000, "text/plain"),
        (b"\xff\xfe\0\0", "application/octet-stream"),
        (picture(), "image/png"),
        (b"GIF89a/*<script>alert(1)</script>*/=1;", "image/gif"),
    ],
)
async def test_a_file_is_what_its_content_says(
    files: FileChat, data: bytes, content_type: str
) -> None:
    answer = await files.alice.client.post(
        "/attachments?name=x.html", content=data, headers={"content-type": "text/html"}
    )

    assert answer.json()["content_type"] == content_type


async def in_pieces(size: int) -> AsyncIterator[bytes]:
    """Nobody is told beforehand how much it will be."""
    for _ in range(size // 65_536):
        yield b"x" * 65_536


async def test_a_file_has_a_largest_size(files_with: Files) -> None:
    async with files_with(attachment_max_bytes=2 * MEGABYTE) as small:
        for too_large in (b"x" * (2 * MEGABYTE + 1), in_pieces(3 * MEGABYTE)):
            assert refusal(await small.upload(too_large)) == (413, "too_large")
        assert await small.is_empty()
        for fits in (b"x" * 2 * MEGABYTE, in_pieces(2 * MEGABYTE)):
            assert (await small.uploaded(fits))["size"] == 2 * MEGABYTE


async def test_only_files_may_be_that_large(files: FileChat) -> None:
    large = b"x" * (2 * MEGABYTE)

    assert (await files.upload(large)).status_code == 201
    posted = await files.alice.client.post(
        files.path,
        content=b'{"body": "' + large + b'"}',
        headers={"content-type": "application/json"},
    )
    assert refusal(posted) == (413, "too_large")


async def test_everybody_has_so_much_room(files_with: Files) -> None:
    async with files_with(attachment_quota_bytes=100) as small:
        await small.uploaded(b"x" * 60)
        for too_much in (b"x" * 41, in_pieces(65_536)):
            assert refusal(await small.upload(too_much)) == (413, "quota_exceeded")
        assert (await small.upload(b"x" * 100, by=small.bob)).status_code == 201
        await small.uploaded(b"x" * 40)
        assert refusal(await small.upload(b"x")) == (413, "quota_exceeded")
        assert len(small.files()) == await small.rows() == 3


async def test_so_many_at_once(files_with: Files) -> None:
    async with files_with(attachment_uploads_at_once_max=1) as small:
        await small.uploaded()
        async with small.house.session() as session:
            await session.execute(text("UPDATE attachments SET state = 'uploading'"))

        refused = await small.upload()

        assert refusal(refused) == (429, "too_many_uploads")
        assert refused.headers["retry-after"] == "1"
        assert (await small.upload(by=small.bob)).status_code == 201


async def test_what_takes_too_long_leaves_nothing(files_with: Files) -> None:
    async with files_with(attachment_upload_max_seconds=0.05) as quick:
        assert refusal(await quick.upload(never_ending())) == (408, "upload_too_slow")
        assert await quick.is_empty()


async def never_ending() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 100
        await asyncio.sleep(0)


async def test_a_storage_that_is_away_says_so(files: FileChat) -> None:
    files.folder.rename(files.folder.with_name("moved"))
    files.folder.write_text("in its place")

    assert refusal(await files.upload()) == (503, "unavailable")
    assert await files.rows() <= 1, "what could not be removed is swept"
