"""Two people who talk and send files, one who does not take part, and the folder of the files."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.kit.settings import Settings
from tests.factories import House, Person
from tests.houses import house_with
from tests.jobs import run_jobs
from tests.messages.conftest import Chat

TEXT = b"The minutes of our last meeting.\n"


@dataclass
class FileChat(Chat):
    """A chat whose files can be looked at where they lie."""

    folder: Path

    async def upload(
        self, data: object = TEXT, name: str = "minutes.txt", by: Person | None = None
    ) -> httpx.Response:
        client = (by or self.alice).client
        return await client.post("/attachments", params={"name": name}, content=data)  # type: ignore[arg-type]

    async def uploaded(self, data: object = TEXT, name: str = "minutes.txt") -> dict[str, Any]:
        answer = await self.upload(data, name)
        assert answer.status_code == 201, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    async def sent(self, *files: dict[str, Any], body: str = "") -> dict[str, Any]:
        """In a message."""
        answer = await self.post(body, attachment_ids=[file["id"] for file in files])
        assert answer.status_code == 201, answer.text
        message: dict[str, Any] = answer.json()
        return message

    async def read(
        self, id: int, by: Person | None = None, thumbnail: bool = False, **headers: str
    ) -> httpx.Response:
        client = (by or self.bob).client
        path = f"/attachments/{id}" + ("/thumbnail" if thumbnail else "")
        return await client.get(
            path, headers={name.replace("_", "-"): value for name, value in headers.items()}
        )

    async def shown(self) -> list[dict[str, Any]]:
        """The attachments of the only message, as a fresh fetch has them."""
        (message,) = (await self.page()).json()["messages"]
        files: list[dict[str, Any]] = message["attachments"]
        return files

    def files(self) -> list[Path]:
        return [path for path in self.folder.rglob("*") if path.is_file()]

    async def rows(self) -> int:
        async with self.house.session() as session:
            count = await session.execute(text("SELECT count(*) FROM attachments"))
            return int(count.scalar_one())

    async def is_empty(self) -> bool:
        return not self.files() and not await self.rows()

    async def work(self) -> list[str]:
        return await run_jobs(self.house)


@pytest.fixture
def file_folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


Files = Callable[..., AbstractAsyncContextManager[FileChat]]


@pytest.fixture
def files_with(settings: Settings, engine: AsyncEngine, file_folder: Path) -> Files:
    """In a house with other settings."""

    @asynccontextmanager
    async def opened(**changes: Any) -> AsyncIterator[FileChat]:
        changes = {"storage_url": f"file://{file_folder}"} | changes
        async with house_with(settings, engine, **changes) as house:
            yield await file_chat_in(house, file_folder)

    return opened


@pytest.fixture
async def files(files_with: Files) -> AsyncIterator[FileChat]:
    async with files_with() as files:
        yield files


async def file_chat_in(house: House, folder: Path) -> FileChat:
    alice, bob, mallory = [await house.person(name) for name in ("alice", "bob", "mallory")]
    conversation = await house.conversation(alice, bob)
    return FileChat(house, alice, bob, mallory, conversation, folder)
