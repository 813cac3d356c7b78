"""Mails as files, where there is no mail server."""

import asyncio
import os
import secrets
import tempfile
from datetime import UTC, datetime
from email.headerregistry import Address
from email.policy import SMTPUTF8
from functools import cached_property
from pathlib import Path

import structlog

from app.kit.mail.letter import Mail, compose

logger = structlog.get_logger()


class FolderPostman:
    def __init__(self, data_dir: Path | None, author: Address) -> None:
        self._data_dir = data_dir
        self._author = author

    async def send(self, mail: Mail) -> None:
        letter = compose(mail, self._author).as_bytes(policy=SMTPUTF8)
        path = await asyncio.to_thread(self._write, letter)
        logger.info("mail.written", path=str(path))

    def _write(self, letter: bytes) -> Path:
        """Whole, or not at all: whoever watches the folder sees a file when it is complete."""
        name = f"{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{secrets.token_hex(4)}.eml"
        path, unfinished = self._folder / name, self._folder / f".{name}"
        file = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(file, "wb") as output:
            output.write(letter)
        unfinished.rename(path)
        return path

    @cached_property
    def _folder(self) -> Path:
        """Ours alone: there are links in it that open accounts."""
        if self._data_dir is None:
            return Path(tempfile.mkdtemp(prefix="chatflow-mail-"))
        folder = self._data_dir / "mail"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder
