"""Where images are developed: a process for each, so that a hostile one takes nothing with it."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson
import structlog

from app.kit.settings import Settings

logger = structlog.get_logger()

_READ_BYTES = 256 * 1024
# Python itself takes some seconds to start on a machine that has much to do.
_START_SECONDS = 10


class Undevelopable(Exception):
    """It is no image, or broken, or too big for us."""


@dataclass(frozen=True)
class Picture:
    """What came out. The files are there until the end of the block."""

    image: Path
    thumbnail: Path
    thumbnail_type: str
    width: int
    height: int


class Darkroom:
    """One at a time, so that the memory that they take is that of one."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._free = asyncio.Semaphore(1)

    @asynccontextmanager
    async def developed(self, chunks: AsyncIterator[bytes]) -> AsyncIterator[Picture]:
        """Raises: Undevelopable"""
        async with self._free:
            with tempfile.TemporaryDirectory(prefix="chatflow-image-") as folder:
                original = Path(folder, "original")
                await _write(original, chunks)
                yield await self._develop(original)

    async def _develop(self, original: Path) -> Picture:
        """Nothing of our environment goes along: there are secrets in it."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-m", "app.kit.images.developing"),
            *(str(original), orjson.dumps(self._limits()).decode()),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={},
        )
        try:
            async with asyncio.timeout(self._settings.image_max_seconds + _START_SECONDS):
                said, complaint = await process.communicate()
        except TimeoutError:
            raise Undevelopable("it takes too long") from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode != 0:
            last = complaint.decode(errors="replace").strip().rpartition("\n")[2]
            raise Undevelopable(f"{process.returncode}: {last[:200]}")
        return _picture(original, said)

    def _limits(self) -> dict[str, int | float]:
        return {
            "pixels": self._settings.image_max_pixels,
            "seconds": self._settings.image_max_seconds,
            "memory_bytes": self._settings.image_memory_max_bytes,
            "thumbnail_pixels": self._settings.thumbnail_max_pixels,
        }


def _picture(original: Path, said: bytes) -> Picture:
    facts = orjson.loads(said)
    image, thumbnail = original.with_name("image"), original.with_name("thumbnail")
    return Picture(image, thumbnail, facts["thumbnail_type"], facts["width"], facts["height"])


async def _write(path: Path, chunks: AsyncIterator[bytes]) -> None:
    with path.open("wb") as file:
        async for chunk in chunks:
            await asyncio.to_thread(file.write, chunk)


async def read(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while chunk := await asyncio.to_thread(file.read, _READ_BYTES):
            yield chunk
