"""ChatFlow as people run it, seen from the street: two workers, every limit on, and real mail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from websockets.asyncio.client import ClientConnection, connect

from tests.cli.running import CHATFLOW, Server, free_port, place_for_data
from tests.mailbox import Letter
from tests.mailserver import MailServer, mail_server
from tests.realtime.sockets import Cable
from tests.system.connections import inode_of, open_files
from tests.system.waiting import until

HERE = "127.0.0.1"


@dataclass
class Street:
    """A machine has all of 127.0.0.0/8, so people can come from different addresses."""

    place: Path
    port: int
    mail: MailServer
    settings: dict[str, str]
    server: Server | None = None
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://{HERE}:{self.port}"

    def client(self, address: str = HERE, **headers: str) -> httpx.AsyncClient:
        """Somebody with a browser, or a script: they keep their cookies."""
        client = httpx.AsyncClient(
            base_url=self.url,
            headers={name.replace("_", "-"): value for name, value in headers.items()},
            transport=httpx.AsyncHTTPTransport(local_address=address, verify=False),
            timeout=30,
        )
        self.clients.append(client)
        return client

    async def open(self) -> None:
        command = [str(CHATFLOW), "serve", "--port", str(self.port), "--workers", "2"]
        self.server = Server(self.place, command, self.port, **self.settings)
        await asyncio.to_thread(self.server.wait_until_ready)

    async def close(self) -> None:
        assert self.server is not None
        self.server.process.terminate()
        await asyncio.to_thread(self.server.process.wait)

    async def letter(self, to: str, subject: str) -> Letter:
        """The one of these that has come, or that comes soon. It is taken out of the box."""
        await until(lambda: self.letters(to, subject))
        (letter,) = self.letters(to, subject)
        self.mail.letters.remove(letter)
        return letter

    def letters(self, to: str, subject: str) -> list[Letter]:
        return [each for each in self.mail.letters if (each.to, each.subject) == (to, subject)]

    @asynccontextmanager
    async def cable(self, conversation_id: int, headers: dict[str, str]) -> AsyncIterator[Cable]:
        """The native socket, past its welcome."""
        url = f"ws://{HERE}:{self.port}/cable/{conversation_id}"
        async with connect(url, additional_headers=headers, proxy=None) as socket:
            cable = Cable(socket)
            await cable.next_of("welcome")
            yield cable

    def worker_behind(self, socket: ClientConnection) -> int:
        """Which of the two serves it?"""
        assert self.server is not None
        inode = f"socket:[{inode_of(self.port, socket.local_address[1])}]"
        (worker,) = (pid for pid in self.server.workers() if inode in open_files(pid))
        return worker


@asynccontextmanager
async def open_street(**settings: str) -> AsyncIterator[Street]:
    """`settings` by their names without the prefix: `sign_in_rate="5/hour"`."""
    with place_for_data() as place:
        async with mail_server() as mail:
            port = free_port()
            told = {f"CHATFLOW_{name.upper()}": value for name, value in settings.items()} | {
                "CHATFLOW_SMTP_URL": f"smtp://{HERE}:{mail.port}",
                "CHATFLOW_PUBLIC_URL": f"http://{HERE}:{port}",
            }
            street = Street(place, port, mail, told)
            try:
                await street.open()
                yield street
            finally:
                for client in street.clients:
                    await client.aclose()
                await street.close()
