"""What of the house an attachment needs."""

from typing import Protocol

from app.kit.db import Database
from app.kit.settings import Settings
from app.kit.storage import Storage
from app.models import Attachment


class Depot(Protocol):
    @property
    def database(self) -> Database: ...
    @property
    def storage(self) -> Storage: ...
    @property
    def settings(self) -> Settings: ...


def image_key(key: str) -> str:
    """Of an image as it is shown to others."""
    return f"{key}.image"


def thumbnail_key(key: str) -> str:
    return f"{key}.thumbnail"


def all_keys(key: str) -> tuple[str, str, str]:
    """Whatever there may be: so nothing that was begun twice is left behind."""
    return key, image_key(key), thumbnail_key(key)


def stored_as(attachment: Attachment) -> str:
    return image_key(attachment.key) if attachment.thumbnail_type else attachment.key
