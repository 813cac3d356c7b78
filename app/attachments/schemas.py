"""Shapes of attachments on the wire."""

from typing_extensions import TypedDict


class AttachmentOut(TypedDict):
    """A file. `state` is `processing` for an image until it has lost its EXIF and got a thumbnail,
    then `ready`; `failed` for what only looked like an image, and is not kept.

    `content_type` is that of the content, whatever the name says. `width` and `height` are those of
    an image that is ready, and so is its `thumbnail`, at `/attachments/:id/thumbnail`.
    """

    id: int
    name: str
    content_type: str
    size: int
    state: str
    width: int | None
    height: int | None
    thumbnail: bool
