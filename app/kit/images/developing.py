"""Develops one image: `python -m app.kit.images.developing FILE LIMITS`.

Beside the file it leaves `image`, the same picture upright and without EXIF, XMP, comments and
whatever else says where and by whom it was made, and `thumbnail`. Its size and the type of the
thumbnail are printed as JSON.
"""

import json
import resource
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PIL import Image, ImageOps, ImageSequence

_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
# What makes the picture look as it does; all else in it is about the picture.
_KEPT = ("icc_profile", "transparency", "duration", "loop", "disposal", "background")
_QUALITY = {"JPEG": 90, "WEBP": 90}
_THUMBNAIL_QUALITY = 80


def main(path: Path, limits: dict[str, Any]) -> None:
    _limit_process(limits)
    # What is suspicious to Pillow is too much for us.
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = limits["pixels"]
    with Image.open(path, formats=_FORMATS) as image:
        _refuse_too_many_pixels(image, limits["pixels"])
        width, height = _develop(image, path.with_name("image"))
    with Image.open(path.with_name("image"), formats=_FORMATS) as image:
        kind = _shrink(image, path.with_name("thumbnail"), limits["thumbnail_pixels"])
    print(json.dumps({"width": width, "height": height, "thumbnail_type": kind}))  # noqa: T201


def _limit_process(limits: dict[str, Any]) -> None:
    seconds = max(1, int(limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # Elsewhere the kernel does not take it.
        memory = int(limits["memory_bytes"])
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _refuse_too_many_pixels(image: Image.Image, at_most: int) -> None:
    """By what the header says, before anything is decoded; frames are counted by skipping them."""
    width, height = image.size
    if width * height > at_most:
        raise ValueError("too many pixels")
    if _moves(image) and width * height * getattr(image, "n_frames", 1) > at_most:
        raise ValueError("too many frames")


def _moves(image: Image.Image) -> bool:
    """Telephones put several pictures into one JPEG: the first is the one that is seen."""
    return image.format != "MPO" and getattr(image, "is_animated", False)


def _develop(image: Image.Image, path: Path) -> tuple[int, int]:
    kind = "JPEG" if image.format == "MPO" else image.format or ""
    frames = _upright(image)
    first = next(frames)
    options: dict[str, Any] = {"quality": _QUALITY[kind]} if kind in _QUALITY else {}
    if _moves(image):
        options |= {"save_all": True, "append_images": frames}
    first.save(path, kind, **options)
    return first.size


def _upright(image: Image.Image) -> Iterator[Image.Image]:
    for frame in ImageSequence.Iterator(image):
        ImageOps.exif_transpose(frame, in_place=True)
        clean = frame.copy()
        clean.info = {name: frame.info[name] for name in _KEPT if name in frame.info}
        yield clean


def _shrink(image: Image.Image, path: Path, longest: int) -> str:
    """JPEG where it will do; what is transparent stays so."""
    is_transparent = "A" in image.getbands() or "transparency" in image.info
    small = image.convert("RGBA" if is_transparent else "RGB")
    small.thumbnail((longest, longest))
    small.info = {}
    kind = "WEBP" if is_transparent else "JPEG"
    small.save(path, kind, quality=_THUMBNAIL_QUALITY)
    return f"image/{kind.lower()}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(sys.argv[2]))
