"""Where files lie: in a folder, or at any S3 service, by obstore.

Source: https://developmentseed.org/obstore
"""

import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from app.kit.errors import NotFound, Unavailable
from app.kit.logs import brief
from app.kit.settings import Settings

if TYPE_CHECKING:  # It is only there for those who check types.
    from obstore import GetResult

logger = structlog.get_logger()

# The least that S3 takes as a part of something bigger: with one at a time, what an upload holds.
_PART_BYTES = 5 * 1024 * 1024
_READ_BYTES = 256 * 1024


class Storage:
    """Files by their key. Raises: Unavailable, from all its methods, when the service is away."""

    def __init__(self, settings: Settings) -> None:
        self._store = _open_store(settings)
        self._redirect_seconds = settings.storage_redirect_seconds

    async def put(
        self, key: str, chunks: AsyncIterator[bytes], headers: dict[str, str] | None = None
    ) -> None:
        """Whole, or not at all. What the chunks raise comes through.

        Shape: `headers` are those that S3 itself shall answer with.
        """
        attributes: Any = headers if isinstance(self._store, S3Store) else None
        with _reached():
            await obstore.put_async(
                self._store,
                key,
                chunks,
                attributes=attributes,
                chunk_size=_PART_BYTES,
                max_concurrency=1,
            )

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """The bytes from `start` up to, and without, `end`. It is open when this returns.

        Raises: NotFound
        """
        with _reached():
            try:
                found = await obstore.get_async(self._store, key, options={"range": (start, end)})
            except FileNotFoundError as error:
                raise NotFound from error
        return _chunks(found)

    async def delete(self, *keys: str) -> None:
        """What is not there is fine."""
        for key in keys:
            with _reached(), suppress(FileNotFoundError):
                await obstore.delete_async(self._store, key)

    async def address(self, key: str) -> str | None:
        """Where a client may read it without us, for some seconds; None if only through us."""
        if not self._redirect_seconds or not isinstance(self._store, S3Store):
            return None
        lasts = timedelta(seconds=self._redirect_seconds)
        with _reached():
            return await obstore.sign_async(self._store, "GET", key, lasts)


async def _chunks(found: "GetResult") -> AsyncIterator[bytes]:
    async for chunk in found.stream(min_chunk_size=_READ_BYTES):
        yield bytes(chunk)


@contextmanager
def _reached() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        logger.warning("storage.unavailable", error=brief(error))
        raise Unavailable from error


def _open_store(settings: Settings) -> LocalStore | S3Store:
    parts = urlsplit(settings.storage_url)
    if parts.scheme == "s3":
        return _open_bucket(settings, parts.netloc, parts.path.strip("/"))
    folder = Path(unquote(parts.path)) if parts.path else _folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return LocalStore(folder)


def _folder(settings: Settings) -> Path:
    if settings.data_dir is None:
        return Path(tempfile.mkdtemp(prefix="chatflow-attachments-"))
    return settings.data_dir / "attachments"


def _open_bucket(settings: Settings, bucket: str, prefix: str) -> S3Store:
    """Without keys in the settings, from where Amazon's own clients find them."""
    config: dict[str, Any] = {"region": settings.storage_region}
    if settings.storage_endpoint:
        config["endpoint"] = settings.storage_endpoint
    if settings.storage_access_key and settings.storage_secret_key:
        config["access_key_id"] = settings.storage_access_key.get_secret_value()
        config["secret_access_key"] = settings.storage_secret_key.get_secret_value()
    return S3Store(
        bucket,
        prefix=prefix or None,
        config=config,  # type: ignore[arg-type]
        client_options={"allow_http": settings.storage_endpoint.startswith("http://")},
    )
