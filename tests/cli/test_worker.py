"""`chatflow worker`: jobs are done, whoever is killed, and stop when they are told to."""

import asyncio
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli.embedded import embedded_servers
from app.kit.broker import MemoryBroker
from app.kit.db import Database
from app.kit.errors import Unavailable
from app.kit.jobs import enqueue
from app.kit.postgres import connect
from app.kit.settings import Settings
from tests.cli.running import CHATFLOW, Server, chatflow, free_port
from tests.cli.test_serve import PRODUCTION
from tests.mailbox import Mailbox
from tests.mailserver import MailServer, mail_server
from tests.system.waiting import LOOK_SECONDS, PATIENCE_SECONDS, until

MAIL = {"to": "bob@example.com", "text": "Hello Bob\n"}


@pytest.fixture
def url(place: Path) -> Iterator[str]:
    """Of a Postgres that stays between the commands."""
    with embedded_servers(place / "data", redis=False, durable=False) as servers:
        migrated = chatflow(place, "migrate")
        assert migrated.returncode == 0, migrated.stderr
        assert servers.database_url
        yield servers.database_url


def worker(place: Path, server: MailServer | None = None, **more: str) -> Server:
    """It takes another for dead after a second of silence."""
    smtp = {"CHATFLOW_SMTP_URL": f"smtp://127.0.0.1:{server.port}"} if server else {}
    quick = {"CHATFLOW_JOB_SILENCE_MAX_SECONDS": "1"}
    return Server(place, [str(CHATFLOW), "worker"], 0, **quick | smtp | more)


async def put_mail(url: str, subject: str = "Hello") -> None:
    engine = connect(Settings.model_validate({"DATABASE_URL": url}))
    try:
        async with Database(engine, MemoryBroker()).unit_of_work() as session:
            await enqueue(session, "mail.send", MAIL | {"subject": subject})
    finally:
        await engine.dispose()


async def put_mail_as_soon_as_possible(url: str, subject: str) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            try:
                return await put_mail(url, subject)
            except Unavailable:
                await asyncio.sleep(LOOK_SECONDS)


def has_logged(server: Server, event: str, pid: int) -> bool:
    return any(line["event"] == event and line["pid"] == pid for line in server.log())


def environment_of(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/environ").read_text().split("\0")


async def ended(server: Server) -> int | None:
    """Its exit code. The event loop goes on, since it is the mail server's, too."""
    await until(lambda: server.process.poll() is not None)
    return server.process.returncode


async def test_what_a_killed_worker_has_begun_another_finishes(place: Path, url: str) -> None:
    async with mail_server() as server:
        server.is_open.clear()
        await put_mail(url)
        with worker(place, server) as first:
            await until(lambda: server.asked == 1)
            first.process.kill()
            assert await ended(first) == -signal.SIGKILL
        assert server.letters == []

        server.is_open.set()
        with worker(place, server) as second:
            await until(lambda: server.letters)
            second.process.terminate()
            assert await ended(second) == 0

    assert [letter.subject for letter in server.letters] == ["Hello"]
    assert has_logged(second, "job.done", second.process.pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_who_is_told_to_stop_finishes_what_has_begun(
    place: Path, url: str, number: signal.Signals
) -> None:
    async with mail_server() as server:
        server.is_open.clear()
        await put_mail(url)
        with worker(place, server) as leaving:
            await until(lambda: server.asked == 1)
            leaving.process.send_signal(number)
            await until(lambda: has_logged(leaving, "jobs.leaving", leaving.process.pid))
            assert leaving.process.poll() is None
            server.is_open.set()
            assert await ended(leaving) == 0

    assert [letter.subject for letter in server.letters] == ["Hello"]
    assert has_logged(leaving, "jobs.stopped", leaving.process.pid)
    log = place / "data/log/chatflow.log"
    assert leaving.printed.read_text() == f"ChatFlow is running jobs. Log: {log}. Stop: Ctrl-C\n"


async def test_a_postgres_that_was_killed_is_found_again(place: Path, url: str) -> None:
    async with mail_server() as server:
        await put_mail(url)
        with worker(place, server) as running:
            await until(lambda: len(server.letters) == 1)
            postmaster = (place / "data/postgres/postmaster.pid").read_text().splitlines()[0]
            os.kill(int(postmaster), signal.SIGKILL)
            await until(lambda: has_logged(running, "jobs.disconnected", running.process.pid))

            await put_mail_as_soon_as_possible(url, "After it")
            await until(lambda: "After it" in [letter.subject for letter in server.letters])
            running.process.terminate()
            assert await ended(running) == 0


async def test_a_server_in_development_runs_jobs_itself(place: Path, url: str) -> None:
    port = free_port()
    with Server(place, [str(CHATFLOW), "--port", str(port)], port) as serving:
        await until(serving.answers)
        (pid,) = serving.workers()
        await put_mail(url)
        await until(lambda: has_logged(serving, "job.done", pid))
        told = environment_of(pid)

    assert Mailbox(place / "data/mail").only("bob@example.com").text == "Hello Bob\n"
    assert f"CHATFLOW_PUBLIC_URL=http://localhost:{port}" in told


async def test_a_server_that_shall_not_run_jobs_leaves_them_to_a_worker(
    place: Path, url: str
) -> None:
    port = free_port()
    command = [str(CHATFLOW), "--port", str(port)]
    with Server(place, command, port, CHATFLOW_JOBS_INSIDE="false") as serving:
        await until(serving.answers)
        (pid,) = serving.workers()
        await put_mail(url)
        with worker(place) as working:
            await until(lambda: has_logged(working, "job.done", working.process.pid))
        assert not has_logged(serving, "jobs.started", pid)

    assert len(Mailbox(place / "data/mail").letters) == 1


def test_in_production_nobody_works_before_it_is_migrated(place: Path, url: str) -> None:
    refused = chatflow(
        place, "worker", DATABASE_URL=url.replace("/chatflow?", "/template1?"), **PRODUCTION
    )
    assert refused.returncode == 1
    assert refused.stderr.endswith("run `chatflow migrate` first.\n")


@pytest.mark.parametrize("missing", ["CHATFLOW_SMTP_URL", "CHATFLOW_PUBLIC_URL"])
def test_production_refuses_to_start_without_what_mails_need(place: Path, missing: str) -> None:
    incomplete = {name: value for name, value in PRODUCTION.items() if name != missing}
    refused = chatflow(place, "worker", DATABASE_URL="postgresql://nowhere", **incomplete)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"chatflow: {missing} must be set in production")
    assert refused.stderr.count("\n") == 1
