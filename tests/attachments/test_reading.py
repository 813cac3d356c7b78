"""GET /attachments/:id"""

import pytest

from tests.answers import refusal
from tests.attachments.conftest import TEXT, FileChat
from tests.attachments.pictures import picture
from tests.cast import leave

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"


async def test_members_read_a_file(files: FileChat) -> None:
    file = await files.uploaded()
    await files.sent(file)

    answer = await files.read(file["id"])

    assert (answer.status_code, answer.content) == (200, TEXT)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["content-length"] == str(len(TEXT))
    assert answer.headers["accept-ranges"] == "bytes"
    disposition = "attachment; filename=\"minutes.txt\"; filename*=UTF-8''minutes.txt"
    assert answer.headers["content-disposition"] == disposition
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_outsiders_do_not(files: FileChat) -> None:
    file = await files.uploaded()
    assert (await files.read(file["id"], files.alice)).content == TEXT
    assert refusal(await files.read(file["id"], files.bob)) == (404, "not_found")

    await files.sent(file)

    assert (await files.read(file["id"], files.bob)).content == TEXT
    assert refusal(await files.read(file["id"], files.mallory)) == (404, "not_found")


async def test_whoever_has_left_does_not_at_once(files: FileChat) -> None:
    """Not even their own."""
    file = await files.uploaded()
    await files.sent(file)
    tag = (await files.read(file["id"], files.alice)).headers["etag"]

    await leave(files.house, files.conversation, files.alice)

    assert refusal(await files.read(file["id"], files.alice)) == (404, "not_found")
    known = await files.read(file["id"], files.alice, if_none_match=tag)
    assert refusal(known) == (404, "not_found")


@pytest.mark.parametrize("data", [SVG, b"<html><script>alert(1)</script>", b"GIF89a<script>"])
async def test_nothing_runs(files: FileChat, data: bytes) -> None:
    file = await files.uploaded(data, "x.svg")
    answer = await files.read(file["id"], files.alice)

    assert answer.content == data
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] in ("text/plain; charset=utf-8", "image/gif")
    assert answer.headers["x-content-type-options"] == "nosniff"
    policy = "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["content-security-policy"] == policy
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-3", 0, 4),
        ("bytes=4-", 4, None),
        ("bytes=-5", -5, None),
        ("bytes=0-999999", 0, None),
        ("bytes=-999999", 0, None),
        ("BYTES=1-1", 1, 2),
    ],
)
async def test_a_part_of_a_file(files: FileChat, asked: str, start: int, end: int | None) -> None:
    file = await files.uploaded()

    answer = await files.read(file["id"], files.alice, range=asked)

    part = TEXT[start:end]
    assert answer.content == part
    assert answer.headers["content-length"] == str(len(part))
    if part == TEXT:
        assert answer.status_code == 200
    else:
        first = TEXT.index(part)
        assert answer.status_code == 206
        assert (
            answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(TEXT)}"
        )


@pytest.mark.parametrize(
    "asked", ["bytes=33-", "bytes=100-200", "bytes=-0", "bytes=" + "9" * 18 + "-"]
)
async def test_a_part_that_is_not_there(files: FileChat, asked: str) -> None:
    file = await files.uploaded()
    assert file["size"] == 33

    answer = await files.read(file["id"], files.alice, range=asked)

    assert refusal(answer) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == "bytes */33"


@pytest.mark.parametrize(
    "asked",
    [
        *("", "bytes", "bytes=", "bytes=-", "bytes=5-2", "bytes=a-b", "bytes=0-1,3-4", "pages=1-2"),
        *("bytes=--1", "bytes=1-2-3", "bytes=+1-2", "bytes=" + "9" * 5_000 + "-", "bytes=0x1-2"),
    ],
)
async def test_what_is_no_range_is_the_whole(files: FileChat, asked: str) -> None:
    file = await files.uploaded()

    answer = await files.read(file["id"], files.alice, range=asked)

    assert (answer.status_code, answer.content) == (200, TEXT)


async def test_a_part_of_another_version_is_the_whole(files: FileChat) -> None:
    file = await files.uploaded()
    tag = (await files.read(file["id"], files.alice)).headers["etag"]

    same = await files.read(file["id"], files.alice, range="bytes=0-3", if_range=tag)
    other = await files.read(file["id"], files.alice, range="bytes=0-3", if_range='"other"')

    assert (same.status_code, same.content) == (206, TEXT[:4])
    assert (other.status_code, other.content) == (200, TEXT)


async def test_what_one_has_is_not_sent_again(files: FileChat) -> None:
    file = await files.uploaded()
    tag = (await files.read(file["id"], files.alice)).headers["etag"]

    assert (await files.read(file["id"], files.alice, if_none_match=tag)).status_code == 304


async def test_what_is_no_image_has_no_thumbnail(files: FileChat) -> None:
    file, image = await files.uploaded(), await files.uploaded(picture())
    await files.work()

    assert refusal(await files.read(file["id"], files.alice, thumbnail=True)) == (404, "not_found")
    assert (await files.read(image["id"], files.alice, thumbnail=True)).status_code == 200
