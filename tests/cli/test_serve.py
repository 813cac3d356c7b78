"""`chatflow serve`: from an empty folder to an answer, and back to nothing."""

import json
import os
import pty
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import app
from app.cli.embedded import Servers, embedded_servers
from tests.cli.running import (
    CHATFLOW,
    NOWHERE,
    STOP_SECONDS,
    ask,
    chatflow,
    environment,
    free_port,
    processes_of,
    serve,
    wait_for,
)

PRODUCTION = {
    "CHATFLOW_ENVIRONMENT": "production",
    "CHATFLOW_SECRET_KEYS": "a key of thirty-two characters or more",
    "CHATFLOW_SMTP_URL": "smtp://127.0.0.1:1",
    "CHATFLOW_PUBLIC_URL": "https://chat.example.com",
    "CHATFLOW_STORAGE_URL": "s3://chatflow",
}


def test_an_empty_folder_becomes_a_server_that_says_where_it_is(place: Path) -> None:
    with serve(place).wait_until_ready() as server:
        assert server.get("/up") == {"status": "up"}
        assert server.get("/up/ready") == {
            "status": "ready",
            "postgres": "ok",
            "redis": "ok",
            "migrations": "ok",
        }
        for words in (
            f"Creating the database in {place}/data",
            f"http://localhost:{server.port}\n",
            f"http://localhost:{server.port}/docs",
            f"{place}/data/log/chatflow.log",
            f"{place}/data/mail",
            "chatflow seed",
            "Ctrl-C",
        ):
            assert server.says(words)


def test_the_data_outlive_the_server(place: Path) -> None:
    seeded = chatflow(place, "seed")
    with serve(place).wait_until_ready() as server:
        assert not server.says("Creating the database")
        assert chatflow(place, "seed").stdout == seeded.stdout


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_leaves_nothing_behind(place: Path, number: signal.Signals) -> None:
    with serve(place, "--workers", "2").wait_until_ready() as server:
        assert len(processes_of(place)) > 3
        os.kill(server.process.pid, number)
        assert server.process.wait(STOP_SECONDS) == 0
        assert processes_of(place) == {}


def test_ctrl_c_during_the_first_start_leaves_nothing_behind(place: Path) -> None:
    with serve(place) as server:
        wait_for(lambda: (place / "data/turn.lock").exists())
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(STOP_SECONDS) != 0
        assert processes_of(place) == {}


def test_a_client_that_stays_connected_does_not_hold_it_up(place: Path) -> None:
    with serve(place).wait_until_ready() as server, server.connect() as idle:
        idle.sendall(b"GET /up HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert b"200 OK" in idle.recv(4096)
        server.process.terminate()
        assert server.process.wait(STOP_SECONDS) == 0


def test_a_closed_terminal_stops_it(place: Path) -> None:
    port = free_port()
    terminal, theirs = pty.openpty()
    command = [str(CHATFLOW), "serve", "--port", str(port)]
    process = subprocess.Popen(
        command, cwd=place, env=environment(), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    seen = b""
    while b"Ctrl-C" not in seen:
        seen += os.read(terminal, 4096)
    os.close(terminal)
    process.send_signal(signal.SIGHUP)
    assert process.wait(STOP_SECONDS) == 0


def test_a_port_that_is_taken_is_a_sentence(place: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        refused = chatflow(place, "--port", str(port))
    assert refused.returncode == 1
    assert refused.stderr == (
        f"chatflow: Cannot listen on 127.0.0.1, port {port}: Address already in use.\n"
    )
    assert not (place / "data").exists()


def test_a_database_that_is_away_is_a_sentence_without_the_password(place: Path) -> None:
    url = "postgresql://alice:hunter2@127.0.0.1:1/nothing"
    refused = chatflow(place, "--port", str(free_port()), DATABASE_URL=url)
    assert refused.returncode == 1
    assert refused.stderr == "chatflow: The database cannot be used: Connection refused.\n"


def test_settings_that_will_not_do_are_named_without_their_values(place: Path) -> None:
    refused = chatflow(place, CHATFLOW_HEARTBEAT_SECONDS="hunter2", CHATFLOW_RATE_LIMITS="hunter2")
    assert refused.returncode == 1
    assert "CHATFLOW_HEARTBEAT_SECONDS: " in refused.stderr
    assert "CHATFLOW_RATE_LIMITS: " in refused.stderr
    assert "hunter2" not in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_production_does_not_bring_a_database_of_its_own(place: Path) -> None:
    refused = chatflow(place, **PRODUCTION)
    assert refused.returncode == 1
    assert refused.stderr == "chatflow: DATABASE_URL must be set in production.\n"


def test_production_refuses_a_key_that_everybody_knows(place: Path) -> None:
    refused = chatflow(place, CHATFLOW_ENVIRONMENT="production", DATABASE_URL=NOWHERE)
    assert refused.returncode == 1
    assert refused.stderr.startswith("chatflow: CHATFLOW_SECRET_KEYS must be set")


def test_workers_without_a_redis_are_refused(place: Path) -> None:
    refused = chatflow(place, "--workers", "2", DATABASE_URL=NOWHERE, **PRODUCTION)
    assert refused.returncode == 1
    assert refused.stderr.startswith("chatflow: 2 workers need a Redis")


def test_production_serves_what_was_migrated_before(place: Path) -> None:
    with serve(place).wait_until_ready() as development:
        url = database_url_of(development.workers().pop())
        with serve(place, DATABASE_URL=url, **PRODUCTION) as production:
            wait_for(production.answers)
            assert production.get("/up/ready")["status"] == "ready"
            production.process.terminate()
            assert production.process.wait(STOP_SECONDS) == 0
        lines = [json.loads(line) for line in production.printed.read_text().splitlines()]
    assert "server.ready" in {line["event"] for line in lines}


def test_production_does_not_serve_before_it_is_migrated(place: Path) -> None:
    with serve(place).wait_until_ready() as development:
        url = database_url_of(development.workers().pop()).replace("/chatflow?", "/template1?")
        refused = chatflow(place, "--port", str(free_port()), DATABASE_URL=url, **PRODUCTION)
    assert refused.returncode == 1
    assert refused.stderr.endswith(
        "chatflow: The database is not up to date: run `chatflow migrate` first.\n"
    )


def database_url_of(worker: int) -> str:
    variables = Path(f"/proc/{worker}/environ").read_text().split("\0")
    return dict(each.split("=", 1) for each in variables if each)["DATABASE_URL"]


def test_a_killed_database_comes_back(place: Path) -> None:
    with serve(place).wait_until_ready() as server:
        kill_postgres(place)
        wait_for(lambda: server.status("/up/ready") == 200)


def kill_postgres(place: Path) -> None:
    pid = int((place / "data/postgres/postmaster.pid").read_text().splitlines()[0])
    os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not Path(f"/proc/{pid}/cwd").exists())


HANDSHAKE = b"""GET /cable/1?since=hunter2 HTTP/1.1\r
Host: localhost\r
Upgrade: websocket\r
Connection: Upgrade\r
Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
Sec-WebSocket-Version: 13\r
\r
"""


def test_the_log_is_whole_lines_of_json_and_tells_no_queries(place: Path) -> None:
    with serve(place, "--workers", "2").wait_until_ready() as server, server.connect() as client:
        client.sendall(HANDSHAKE)
        assert b"101 Switching" in client.recv(4096)
    events = [line["event"] for line in server.log()]
    assert events.count("worker.started") == 2
    assert {"database.migrated", "server.ready", "server.stopped"} <= set(events)
    assert all({"timestamp", "level", "pid"} <= set(line) for line in server.log())
    assert "hunter2" not in json.dumps(server.log())


@pytest.mark.parametrize("command", ["serve", "migrate", "seed", "renew-epoch", "version", ""])
def test_every_command_explains_itself(place: Path, command: str) -> None:
    helped = chatflow(place, *command.split(), "--help")
    assert helped.returncode == 0
    assert "Example: " in helped.stdout


def test_a_wrong_word_is_wrong_usage(place: Path) -> None:
    for arguments in (["sevre"], ["--port", "many"], ["--workers", "0"], ["seed", "--port", "1"]):
        assert chatflow(place, *arguments).returncode == 2


def test_the_version_is_the_package_s(place: Path) -> None:
    assert chatflow(place, "version").stdout == f"{app.VERSION}\n"


def test_migrating_twice_is_migrating_once(place: Path) -> None:
    for _ in range(2):
        migrated = chatflow(place, "migrate")
        assert (migrated.returncode, migrated.stdout) == (0, "The database is up to date.\n")


def test_a_renewed_epoch_is_another(place: Path) -> None:
    too_early = chatflow(place, "renew-epoch")
    assert too_early.returncode == 1
    assert "run `chatflow migrate` first" in too_early.stderr
    with embedded_servers(place / "data", redis=False, durable=False) as servers:
        assert chatflow(place, "migrate").returncode == 0
        first = epoch(servers)
        assert chatflow(place, "renew-epoch").returncode == 0
        assert epoch(servers) != first


def epoch(servers: Servers) -> str:
    assert servers.database_url
    host = servers.database_url.partition("?host=")[2]
    return str(ask(host, "SELECT name FROM epoch"))


LOSING = """
import asyncio
import gc
import logging
from app.kit.logs import configure_logs
from app.kit.settings import Settings
import structlog

configure_logs(Settings())
logger = structlog.get_logger()
try:
    try:
        raise ValueError("a row is wrong\\nDETAIL: hunter2")
    except ValueError as error:
        raise ExceptionGroup("several", [KeyError("inner")]) from error
except Exception:
    logger.exception("it.failed", about="h\u00e9llo \\udc80")
    logging.getLogger("uvicorn.error").exception("library")
for talkative in ("uvicorn.error", "uvicorn.access"):
    logging.getLogger(talkative).info("a query string with hunter2 in it")
logger.error("nothing.raised", exc_info=True)


async def lose():
    asyncio.create_task(fail())
    await asyncio.sleep(0)


async def fail():
    "hunter2\\udc80".encode()


asyncio.run(lose())
gc.collect()
"""


def test_an_exception_is_one_line_without_the_values_that_follow_its_message(place: Path) -> None:
    told = subprocess.run(
        [sys.executable, "-c", LOSING],
        env=environment(),
        capture_output=True,
        check=True,
        cwd=place,
    )
    ours, library, nothing, lost = map(json.loads, told.stderr.decode().splitlines())
    assert (ours["event"], ours["level"]) == ("it.failed", "error")
    assert ours["about"] == "h\u00e9llo \udc80"
    assert library["event"] == "library"
    assert nothing["event"] == "nothing.raised"
    assert lost["event"] == "Task exception was never retrieved"
    assert "UnicodeEncodeError: 'utf-8' codec can't encode" in lost["exception"]
    for line in (ours, library):
        for words in ("ValueError: a row is wrong\nThen:", "ExceptionGroup: several", "KeyError"):
            assert words in line["exception"]
    assert "hunter2" not in told.stderr.decode()
