"""Pictures, harmless and hostile."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

PLACE = "48 deg N, by the old oak"
# What a camera wrote: the picture lies on its side.
TURNED_RIGHT = 6


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **options: Any) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return encoded(image, kind, **options)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(kind: str = "JPEG") -> bytes:
    """With all that tells where it was taken, and on its side."""
    exif = Image.Exif()
    exif[Base.Orientation] = TURNED_RIGHT
    exif[Base.ImageDescription] = PLACE
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitudeRef] = "N"
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{PLACE}</x:xmpmeta>".encode()
    options: dict[str, Any] = {"comment": PLACE.encode()} if kind == "JPEG" else {}
    return picture(kind, exif=exif, xmp=xmp, quality=95, **options)


def animation(kind: str, frames: int = 3) -> bytes:
    images = [Image.new("RGB", (30, 30), (80 * n % 256, 0, 0)) for n in range(frames)]
    options = {"save_all": True, "append_images": images[1:], "duration": 50, "loop": 0}
    return encoded(images[0], kind, **options)


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of some bytes that says it has billions of pixels."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 100_000)
    chunks = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image
