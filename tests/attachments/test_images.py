"""Images lose what they tell of their making, and get a thumbnail, in a job."""

import struct

import pytest
from PIL import ImageSequence

from app.kit.jobs import enqueue
from tests.answers import refusal
from tests.attachments.conftest import FileChat, Files
from tests.attachments.pictures import PLACE, animation, bomb, opened, photo, picture
from tests.jobs import run_jobs
from tests.messages.applying import change_messages


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_no_longer_says_where_it_was_taken(files: FileChat, kind: str) -> None:
    original = photo(kind)
    assert PLACE.encode() in original
    image = await files.uploaded(original, "oak.jpg")
    await files.sent(image)

    assert await files.work() == ["attachments.process"]

    for thumbnail in (False, True):
        answer = await files.read(image["id"], thumbnail=thumbnail)
        assert answer.status_code == 200
        assert PLACE.encode() not in answer.content
        shown = opened(answer.content)
        assert not shown.getexif()
        assert not {"exif", "xmp", "comment"} & shown.info.keys()
        assert shown.size == (20, 40), "it stands upright"
        red, _, blue = shown.convert("RGB").resize((1, 2)).tobytes()[:3]
        assert red > blue, "its left is at the top"
    assert not [path for path in files.files() if PLACE.encode() in path.read_bytes()]
    assert len(files.files()) == 2


async def test_members_are_shown_it_when_it_is_ready(files: FileChat) -> None:
    image = await files.uploaded(photo(), "oak.jpg")
    await files.sent(image)

    assert image["state"] == "processing"
    for thumbnail in (False, True):
        waiting = await files.read(image["id"], thumbnail=thumbnail)
        assert refusal(waiting) == (409, "attachment_processing")
        assert waiting.headers["retry-after"] == "1"
    assert (await files.read(image["id"], files.alice)).content == photo(), "its sender has it"
    assert refusal(await files.read(image["id"], files.mallory)) == (404, "not_found")

    await files.work()

    answer = await files.read(image["id"])
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-disposition"].startswith('inline; filename="oak.jpg"')
    assert (await files.read(image["id"], files.alice)).content == answer.content


async def test_a_message_tells_when_its_image_is_ready(files: FileChat) -> None:
    first, second = await files.uploaded(picture()), await files.uploaded(picture("GIF"))
    message = await files.sent(first, second)
    before = (await files.bob.client.get(f"/conversations/{files.conversation.id}")).json()

    await files.work()

    _, told, also = await files.events()
    (*_, stored) = sorted(path.stat().st_size for path in files.files())
    ready = {"state": "ready", "width": 40, "height": 20, "thumbnail": True}
    answer = await files.read(first["id"])
    assert told == {
        "type": "message.attachments_changed",
        "conversation_id": files.conversation.id,
        "seq": 2,
        "at": told["at"],
        "message": {
            "id": message["id"],
            "attachments": [first | ready | {"size": len(answer.content)}, second],
        },
    }
    assert stored > 0
    for event in (told, also):
        change_messages(before, event, files.bob.id)
    fresh = (await files.bob.client.get(f"/conversations/{files.conversation.id}")).json()
    assert before["messages"] == fresh["messages"]
    assert [file["state"] for file in await files.shown()] == ["ready", "ready"]


async def test_an_image_may_be_ready_before_it_is_sent(files: FileChat) -> None:
    image = await files.uploaded(picture())
    await files.work()

    message = await files.sent(image)

    (sent,) = message["attachments"]
    assert (sent["state"], sent["width"], sent["thumbnail"]) == ("ready", 40, True)
    assert len(await files.events()) == 1, "nothing has changed since"


async def test_the_same_job_again_changes_nothing(files: FileChat) -> None:
    image = await files.uploaded(picture())
    await files.sent(image)
    await files.work()
    before, stored = await files.events(), files.files()
    async with files.house.session() as session:
        await enqueue(session, "attachments.process", {"id": image["id"], "key": "x"})

    await files.work()

    assert (await files.events(), files.files()) == (before, stored)


@pytest.mark.parametrize("kind", ["GIF", "WEBP"])
async def test_what_moves_still_moves(files: FileChat, kind: str) -> None:
    image = await files.uploaded(animation(kind))
    await files.work()

    shown = opened((await files.read(image["id"], files.alice)).content)

    assert len(list(ImageSequence.Iterator(shown))) == 3
    assert shown.info["loop"] == 0


async def test_of_several_pictures_in_a_jpeg_the_first_is_kept(files: FileChat) -> None:
    """As telephones make them."""
    several = picture("MPO", save_all=True, append_images=[opened(photo())])
    image = await files.uploaded(several, "portrait.jpg")
    await files.work()

    shown = opened((await files.read(image["id"], files.alice)).content)

    assert image["content_type"] == "image/jpeg"
    assert (shown.format, shown.size) == ("JPEG", (40, 20))


async def test_a_thumbnail_is_small(files: FileChat) -> None:
    image = await files.uploaded(picture(size=(2_000, 1_000)))
    await files.work()

    answer = await files.read(image["id"], files.alice, thumbnail=True)

    assert opened(answer.content).size == (512, 256)
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["content-length"] == str(len(answer.content))


HOSTILE = {
    "a bomb": bomb(),
    "cut off": picture(size=(300, 300))[:-200],
    "only a head": b"GIF89a/*<script>alert(1)</script>*/=1;",
    "no JPEG": b"\xff\xd8\xff\xe0" + b"<script>alert(1)</script>" * 100,
    "no pixels": bomb(0, 0),
    "too many frames": animation("GIF", 200),
    "a lie about its size": b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WEBPVP8 " + b"\xff" * 50,
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_what_only_looks_like_an_image_is_not_kept(files_with: Files, what: str) -> None:
    async with files_with(image_max_pixels=100_000) as files:
        hostile, unsent = await files.uploaded(HOSTILE[what]), await files.uploaded(HOSTILE[what])
        image = await files.uploaded(picture())
        await files.sent(hostile, image)

        await files.work()

        failed, ready = await files.shown()
        assert failed == hostile | {"state": "failed", "size": 0}
        assert ready["state"] == "ready", "and the others are"
        for thumbnail in (False, True):
            gone = await files.read(hostile["id"], thumbnail=thumbnail)
            assert refusal(gone) == (404, "not_found")
        assert len(files.files()) == 2
        refused = await files.post("x", attachment_ids=[unsent["id"]])
        assert refusal(refused) == (422, "attachment_ids_unknown")


@pytest.mark.parametrize(
    "limits", [{"image_memory_max_bytes": 2**28}, {"image_max_seconds": 0.001}], ids=str
)
async def test_an_image_takes_no_more_than_it_may(
    files_with: Files, limits: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    start_seconds = 0 if "image_max_seconds" in limits else 60
    monkeypatch.setattr("app.kit.images.darkroom._START_SECONDS", start_seconds)
    async with files_with(**limits) as files:
        await files.sent(await files.uploaded(picture(size=(5_000, 5_000))))

        assert await run_jobs(files.house) == ["attachments.process"]

        (failed,) = await files.shown()
        assert failed["state"] == "failed"
