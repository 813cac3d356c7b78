"""The same files at a real S3 service, read through us or by an address that dies soon."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import httpx
import obstore
import pytest
from pydantic import ValidationError

from app.attachments.actions import sweep
from app.kit.settings import Settings
from tests.answers import refusal
from tests.attachments.conftest import TEXT, FileChat, Files
from tests.attachments.pictures import PLACE, photo
from tests.attachments.seaweed import ACCESS_KEY, BUCKET, SECRET_KEY, seaweed

LARGE = bytes(range(256)) * 4 * 1024 * 11  # 11 MiB: three parts.


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    with seaweed(tmp_path_factory.mktemp("s3") / "server") as address:
        yield {
            "storage_url": f"s3://{BUCKET}/files",
            "storage_endpoint": address,
            "storage_access_key": ACCESS_KEY,
            "storage_secret_key": SECRET_KEY,
        }


@pytest.fixture
async def at_s3(s3: dict[str, Any], files_with: Files) -> AsyncIterator[FileChat]:
    async with files_with(**s3) as files:
        yield files


def stored(files: FileChat) -> set[str]:
    """What the service has, by its own word."""
    listed = obstore.list(files.house.state["storage"]._store).collect()
    return {str(one["path"]) for one in listed}


async def test_a_file_is_stored_and_read_in_parts(at_s3: FileChat) -> None:
    before = stored(at_s3)
    file = await at_s3.uploaded(LARGE, "large.bin")
    await at_s3.sent(file)

    assert file["size"] == len(LARGE)
    assert len(stored(at_s3) - before) == 1
    assert (await at_s3.read(file["id"])).content == LARGE
    part = await at_s3.read(file["id"], range="bytes=6000000-6000999")
    assert (part.status_code, part.content) == (206, LARGE[6_000_000:6_001_000])
    assert refusal(await at_s3.read(file["id"], at_s3.mallory)) == (404, "not_found")


async def test_what_is_withdrawn_is_deleted_there(at_s3: FileChat) -> None:
    before = stored(at_s3)
    message = await at_s3.sent(await at_s3.uploaded(photo()))
    await at_s3.work()
    assert len(stored(at_s3) - before) == 2

    await at_s3.withdraw(message["id"])
    await at_s3.work()

    assert (stored(at_s3) - before, await at_s3.rows()) == (set(), 0)


async def test_an_upload_that_breaks_off_leaves_nothing_there(
    s3: dict[str, Any], files_with: Files
) -> None:
    async with files_with(**s3, attachment_max_bytes=7 * 1024 * 1024) as files:
        before = stored(files)

        assert refusal(await files.upload(in_pieces())) == (413, "too_large")

        assert (stored(files) - before, await files.rows()) == (set(), 0)


async def in_pieces() -> AsyncIterator[bytes]:
    for start in range(0, len(LARGE), 65_536):
        yield LARGE[start : start + 65_536]


async def test_an_image_is_developed_there(at_s3: FileChat) -> None:
    image = await at_s3.uploaded(photo(), "oak.jpg")
    await at_s3.sent(image)
    await at_s3.work()

    for thumbnail in (False, True):
        answer = await at_s3.read(image["id"], thumbnail=thumbnail)
        assert answer.status_code == 200
        assert PLACE.encode() not in answer.content


async def test_a_client_is_sent_there_for_some_seconds(
    s3: dict[str, Any], files_with: Files
) -> None:
    async with files_with(**s3, storage_redirect_seconds=60) as files:
        file = await files.uploaded(b"<script>alert(1)</script>", "отчёт.html")
        image = await files.uploaded(photo(), "oak.jpg")
        await files.sent(file, image)
        await files.work()

        answer = await files.read(file["id"])
        picture = await files.read(image["id"])

        assert answer.status_code == picture.status_code == 302
        assert answer.headers["cache-control"] == "no-store"
        assert "X-Amz-Expires=60" in answer.headers["location"]
        for outsider in (files.mallory,):
            assert refusal(await files.read(file["id"], outsider)) == (404, "not_found")
        async with httpx.AsyncClient() as anybody:
            there = await anybody.get(answer.headers["location"])
            shown = await anybody.get(picture.headers["location"])
            forged = await anybody.get(answer.headers["location"].replace("60", "6000"))
        assert there.content == b"<script>alert(1)</script>"
        assert there.headers["content-type"] == "text/plain; charset=utf-8"
        assert there.headers["content-disposition"].startswith("attachment;")
        assert shown.headers["content-type"] == "image/jpeg"
        assert shown.headers["content-disposition"].startswith("inline;")
        assert forged.status_code == 403


async def test_a_folder_sends_nobody_anywhere(files_with: Files) -> None:
    async with files_with(storage_redirect_seconds=60) as files:
        file = await files.uploaded()

        assert (await files.read(file["id"], files.alice)).content == TEXT


async def test_a_service_that_is_away_is_busy(s3: dict[str, Any], files_with: Files) -> None:
    nowhere = s3 | {"storage_url": "s3://chatflow", "storage_secret_key": "another"}
    async with files_with(**nowhere) as files:
        assert refusal(await files.upload()) == (503, "unavailable")
        async with files.house.session() as session:
            await sweep(session, files.house.state["settings"])


@pytest.mark.parametrize(
    "url", ["http://x/y", "s3://", "file://host/x", "file:x", "s3://key@bucket", "s3://b?x=1", "x"]
)
def test_a_storage_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValidationError, match="must be like s3://"):
        Settings.model_validate({"storage_url": url})


def test_a_url_of_a_folder_may_have_spaces(tmp_path: Path) -> None:
    assert Settings.model_validate({"storage_url": "file:///a%20b"}).storage_url == "file:///a%20b"
