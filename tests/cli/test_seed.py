"""`chatflow seed`: alice and bob, once, however often."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from passlib.hash import bcrypt

from app.cli.embedded import embedded_servers
from tests.cli.running import CHATFLOW, NOWHERE, ask, chatflow, environment, serve

SEEDED = """\
alice@example.com   secret123
bob@example.com     secret123
Their conversation has the id 1.
"""


@pytest.fixture(autouse=True)
def running(place: Path) -> Iterator[str]:
    """A Postgres that stays between the commands, and its socket's folder."""
    with embedded_servers(place / "data", redis=False, durable=False) as servers:
        assert servers.database_url
        yield servers.database_url.partition("?host=")[2]


def everything(host: str) -> list[list[tuple[Any, ...]]]:
    tables = "users", "conversations", "participants", "messages", "streams", "events"
    return [ask(host, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


def test_alice_and_bob_have_begun_to_chat(place: Path, running: str) -> None:
    seeded = chatflow(place, "seed")
    assert (seeded.returncode, seeded.stdout) == (0, SEEDED)
    assert ask(running, "SELECT email, username, name FROM users ORDER BY id") == [
        ("alice@example.com", "alice", "Alice"),
        ("bob@example.com", "bob", "Bob"),
    ]
    assert ask(running, 'SELECT title, "group" FROM conversations') == [("Seed Chat", False)]
    said = "SELECT name, body FROM messages JOIN users ON users.id = user_id ORDER BY messages.id"
    assert ask(running, said) == [("Alice", "Hey Bob!"), ("Bob", "Hi Alice!")]


def test_twice_is_once(place: Path, running: str) -> None:
    chatflow(place, "seed")
    first = everything(running)
    again = chatflow(place, "seed")
    assert (again.returncode, again.stdout) == (0, SEEDED)
    assert everything(running) == first


def test_many_at_once_are_one(place: Path, running: str) -> None:
    seedings = [
        subprocess.Popen(
            [CHATFLOW, "seed"], cwd=place, env=environment(), stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]
    assert [seeding.communicate()[0] for seeding in seedings] == [SEEDED] * 3
    assert [seeding.returncode for seeding in seedings] == [0] * 3
    assert ask(running, "SELECT count(*) FROM messages") == [(2,)]


def test_what_people_changed_stays(place: Path, running: str) -> None:
    chatflow(place, "seed")
    ask(running, "UPDATE users SET name = 'Alicia', username = 'ali' WHERE username = 'alice'")
    hashed = bcrypt.using(rounds=4).hash("another secret")
    ask(running, f"UPDATE users SET encrypted_password = '{hashed}' WHERE username = 'bob'")
    seeded = chatflow(place, "seed")
    assert seeded.returncode == 0
    assert "bob@example.com     (another password by now)" in seeded.stdout
    assert ask(running, "SELECT name, username FROM users ORDER BY id") == [
        ("Alicia", "ali"),
        ("Bob", "bob"),
    ]


def test_a_name_that_somebody_else_bears_is_a_sentence(place: Path, running: str) -> None:
    chatflow(place, "migrate")
    ask(
        running,
        "INSERT INTO users (email, username, encrypted_password) VALUES ('a@b.c', 'Alice', '')",
    )
    refused = chatflow(place, "seed")
    assert refused.returncode == 1
    assert refused.stderr == "chatflow: The username alice belongs to somebody else here.\n"
    assert ask(running, "SELECT count(*) FROM users") == [(1,)]


def test_alice_can_sign_in_to_a_server_that_runs(place: Path, running: str) -> None:
    with serve(place).wait_until_ready() as server:
        assert chatflow(place, "seed").returncode == 0
        attempt = {"user": {"email": "alice@example.com", "password": "secret123"}}
        assert server.post("/users/sign_in", json.dumps(attempt)) == 200


def test_production_is_never_seeded(place: Path, running: str) -> None:
    refused = chatflow(
        place,
        "seed",
        DATABASE_URL=NOWHERE,
        CHATFLOW_ENVIRONMENT="production",
        CHATFLOW_SECRET_KEYS="a key of thirty-two characters or more",
        CHATFLOW_SMTP_URL="smtp://127.0.0.1:1",
        CHATFLOW_PUBLIC_URL="https://chat.example.com",
        CHATFLOW_STORAGE_URL="s3://chatflow",
    )
    assert refused.returncode == 1
    assert refused.stderr == (
        "chatflow: There is no seeding in production: everybody knows the password.\n"
    )
