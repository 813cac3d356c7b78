"""Mail: what it looks like, how it travels, and what becomes of one that cannot."""

import asyncio
import json
import os
import stat
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from sqlalchemy import text

from app.kit.jobs import enqueue
from app.kit.mail import Mail, NotSent, Postman, Undeliverable, find_postman
from app.kit.settings import Settings
from tests.factories import House
from tests.houses import changed, unused_port
from tests.jobs import run_jobs
from tests.kit.certificates import server_context
from tests.mailbox import Mailbox
from tests.mailserver import mail_server

LINK = "https://chat.example.com/users/password/edit#" + "a1B2" * 60
HELLO = Mail("bob@example.com", "Grüße an Bob", f"Hallo Bob,\n\nschöne Grüße:\n{LINK}\n")


def postman(**settings: Any) -> Postman:
    known = {"mail_from": "ChatFlow <chat@example.com>", "smtp_timeout_seconds": 5}
    return find_postman(Settings.model_validate(known | settings))


def over(port: int, scheme: str = "smtp", login: str = "", **settings: Any) -> Postman:
    return postman(smtp_url=f"{scheme}://{login}127.0.0.1:{port}", **settings)


# What it looks like.


async def test_a_mail_is_a_letter_that_people_and_programs_understand() -> None:
    async with mail_server() as server:
        await over(server.port).send(HELLO)

    (letter,) = server.letters
    assert server.recipients == ["bob@example.com"]
    assert (letter.to, letter.subject, letter.text) == (HELLO.to, HELLO.subject, HELLO.text)
    headers = letter.message
    assert headers["From"] == "ChatFlow <chat@example.com>"
    assert headers["Message-ID"].endswith("@example.com>")
    assert parsedate_to_datetime(headers["Date"]).tzinfo is not None
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers.get_content_type() == "text/plain"


async def test_two_mails_are_two_messages() -> None:
    async with mail_server() as server:
        for _ in range(2):
            await over(server.port).send(HELLO)

    first, second = (letter.message["Message-ID"] for letter in server.letters)
    assert first != second


@pytest.mark.parametrize("subject", ["", "Hello\nBcc: eve@example.com", "a\rb", "a\0b", "a\u2028b"])
def test_a_subject_that_is_not_one_line_is_no_mail(subject: str) -> None:
    Mail("bob@example.com", "Hello Bcc: eve@example.com", "")
    with pytest.raises(Undeliverable, match="one line"):
        Mail("bob@example.com", subject, "")


@pytest.mark.parametrize(
    "to",
    [
        "bob",
        "bob@",
        "@example.com",
        "bob@example.com\nBcc: eve@example.com",
        "bob@example.com\r\nRCPT TO:<eve@example.com>",
        "bob@example.com,eve@example.com",
        "Bob <bob@example.com>",
        "bob@example.com> SIZE=1 <eve@example.com",
        '"bob"@example.com',
        "bob@ex ample.com",
        "bob@example.com\0",
        "bob@a@example.com",
        "bob@" + "a" * 64 + ".com",
        "bob@a..com",
        # They would go to strasse.example, example.com, example.com and a.example.
        "bob@straße.example",
        "bob@ⓔxample.com",
        "bob@example。com",
        "bob@a\u200d.example",
    ],
)
def test_what_is_not_one_address_is_no_mail(to: str) -> None:
    Mail("bob.o'hara+chat@mail.example.com", "Hello", "")
    with pytest.raises(Undeliverable, match="not an address") as refusal:
        Mail(to, "Hello", "")
    assert "bob" not in str(refusal.value)


async def test_a_domain_in_other_letters_is_the_one_that_dns_knows() -> None:
    async with mail_server() as server:
        await over(server.port).send(Mail("bob@bücher.example", "Hello", "Hello\n"))

    assert server.recipients == ["bob@xn--bcher-kva.example"]


async def test_a_name_in_other_letters_takes_a_server_that_knows_them() -> None:
    mail = Mail("jürgen@example.com", "Hello", "Hello\n")
    async with mail_server(enable_SMTPUTF8=True) as server:
        await over(server.port).send(mail)
    assert server.recipients == ["jürgen@example.com"]
    assert server.letters[0].to == "jürgen@example.com"

    async with mail_server() as server:
        with pytest.raises(Undeliverable):
            await over(server.port).send(mail)
    assert server.letters == []


# How it travels.


async def test_a_password_travels_by_tls_to_the_server_that_it_is_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tls = server_context(tmp_path / "mail.pem")
    async with mail_server(tls_context=tls, require_starttls=True) as server:
        sender = over(server.port, login="chat%40example.com:s%3Aecret@")
        with pytest.raises(NotSent):  # Nobody vouches for it.
            await sender.send(HELLO)
        assert (server.logins, server.letters) == ([], [])

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail.pem"))
        await sender.send(HELLO)

    assert [(one.login, one.password) for one in server.logins] == [
        (b"chat@example.com", b"s:ecret")
    ]
    assert server.has_tls == [True]


async def test_a_password_is_not_said_to_a_server_without_tls() -> None:
    async with mail_server(auth_require_tls=False) as server:
        with pytest.raises(NotSent):
            await over(server.port, login="chat:secret@").send(HELLO)
        assert (server.logins, server.letters) == ([], [])

        await over(server.port).send(HELLO)
        assert server.has_tls == [False]


async def test_without_a_password_tls_is_taken_where_it_is_offered(tmp_path: Path) -> None:
    async with mail_server(tls_context=server_context(tmp_path / "mail.pem")) as server:
        await over(server.port).send(HELLO)

    assert server.has_tls == [True]


async def test_smtps_is_private_from_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with mail_server(private=server_context(tmp_path / "mail.pem")) as server:
        with pytest.raises(NotSent):  # Nobody vouches for it.
            await over(server.port, "smtps").send(HELLO)
        with pytest.raises(NotSent):
            await over(server.port, smtp_timeout_seconds=0.2).send(HELLO)
        assert server.letters == []

        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "mail.pem"))
        await over(server.port, "smtps").send(HELLO)

    assert len(server.letters) == 1


# What becomes of one that cannot.


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("MAIL", "550 Not from you to bob@example.com", NotSent),  # Settings can be put right.
        ("RCPT", "550 No bob@example.com here", Undeliverable),
        ("RCPT", "451 bob@example.com is greylisted", NotSent),
        ("DATA", "554 No spam for bob@example.com", Undeliverable),
        ("DATA", "452 bob@example.com is full", NotSent),
    ],
)
async def test_only_a_last_word_is_final(command: str, answer: str, error: type[Exception]) -> None:
    async with mail_server() as server:
        server.answers[command] = answer
        with pytest.raises(error) as refusal:
            await over(server.port).send(HELLO)

        server.answers.clear()
        await over(server.port).send(HELLO)

    assert answer[:3] in str(refusal.value)
    assert "bob" not in str(refusal.value)
    assert len(server.letters) == 1


async def test_a_mail_that_was_taken_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the server takes over the goodbye."""
    monkeypatch.setattr("app.kit.mail.smtp._GOODBYE_SECONDS", 0.05)
    async with mail_server() as server:
        server.says_goodbye.clear()
        await over(server.port).send(HELLO)
        server.says_goodbye.set()

    assert len(server.letters) == 1


async def test_a_server_that_is_not_there_may_be_there_later() -> None:
    with pytest.raises(NotSent):
        await over(unused_port()).send(HELLO)


async def test_a_server_that_says_nothing_is_left() -> None:
    has_hung_up = asyncio.Event()

    async def say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        has_hung_up.set()
        writer.close()

    async with await asyncio.start_server(say_nothing, "127.0.0.1", 0) as listening:
        port = listening.sockets[0].getsockname()[1]
        with pytest.raises(NotSent):
            await over(port, smtp_timeout_seconds=0.1).send(HELLO)
        await has_hung_up.wait()


@pytest.mark.parametrize(
    ("answer", "left"), [("451 Later", ("queued", 1)), ("550 Never", ("failed", 0))]
)
async def test_the_job_comes_back_with_what_may_be_sent_later(
    live_house: House, answer: str, left: tuple[str, int]
) -> None:
    async with mail_server() as server:
        live_house.state["postman"] = over(server.port)
        server.answers["RCPT"] = answer
        async with live_house.session() as session:
            await enqueue(session, "mail.send", {"to": "a@b.c", "subject": "S", "text": "T"})

        await run_jobs(live_house, may_fail=True)

    async with live_house.session() as session:
        rows = await session.execute(text("SELECT status::text, attempts FROM pgqueuer"))
        assert [tuple(row) for row in rows] == [left]


# Without a server.


async def test_without_a_server_mails_are_files_for_our_eyes_alone(
    house: House, settings: Settings, mailbox: Mailbox
) -> None:
    assert settings.data_dir
    assert settings.log_file
    lines_before = len(settings.log_file.read_text().splitlines())

    await house.state["postman"].send(HELLO)

    letter = mailbox.only("bob@example.com")
    assert (letter.subject, letter.text, letter.link) == (HELLO.subject, HELLO.text, LINK)
    (file,) = (settings.data_dir / "mail").iterdir()
    assert LINK in file.read_text()  # In one piece, to be copied.
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    (line,) = settings.log_file.read_text().splitlines()[lines_before:]
    assert json.loads(line)["event"] == "mail.written"
    assert json.loads(line)["path"] == str(file)
    assert not any(word in line for word in ("bob", "Bob", "a1B2"))


@pytest.mark.parametrize("greeting", ["Hello", "Grüße", "Hello" * 300])
async def test_whatever_the_words_they_can_be_read(
    house: House, mailbox: Mailbox, greeting: str
) -> None:
    await house.state["postman"].send(Mail("bob@example.com", "Hi", f"{greeting}\n{LINK}\n"))

    assert mailbox.only("bob@example.com").text == f"{greeting}\n{LINK}\n"
    (file,) = mailbox.folder.iterdir()
    is_as_it_was = f"{greeting}\r\n{LINK}\r\n".encode() in file.read_bytes()
    assert is_as_it_was == (len(greeting) < 998)


async def test_without_a_folder_they_are_where_the_log_says(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    await postman().send(HELLO)

    (folder,) = os.listdir(tmp_path)
    (file,) = (tmp_path / folder).iterdir()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert settings.log_file
    assert str(file) in settings.log_file.read_text().splitlines()[-1]


async def test_the_oldest_mail_is_the_first_in_the_box(house: House, mailbox: Mailbox) -> None:
    for subject in ("first", "second", "third"):
        await house.state["postman"].send(Mail("bob@example.com", subject, ""))

    assert [letter.subject for letter in mailbox.letters] == ["first", "second", "third"]


# Settings.

KEYS = "a key of production that is long enough"


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ({}, "CHATFLOW_SMTP_URL"),
        ({"smtp_url": "smtp://mail.example.com"}, "CHATFLOW_PUBLIC_URL"),
        ({"data_dir": "/var/lib/chatflow"}, "CHATFLOW_PUBLIC_URL"),
    ],
)
def test_production_refuses_to_start_without_what_mails_need(
    given: dict[str, str], name: str
) -> None:
    production = {"environment": "production", "secret_keys": KEYS, "storage_url": "s3://files"}
    complete = {"smtp_url": "smtp://mail.example.com", "public_url": "https://chat.example.com/"}
    settings = Settings.model_validate(production | complete)
    assert settings.public_url == "https://chat.example.com"
    assert settings.mail_from == "ChatFlow <no-reply@chat.example.com>"

    with pytest.raises(ValidationError, match=f"{name} must be set in production"):
        Settings.model_validate(production | given)


@pytest.mark.parametrize(
    "given",
    [
        {"smtp_url": "http://user:hunter2@mail.example.com"},
        {"smtp_url": "smtp://user:hunter2@"},
        {"smtp_url": "smtp://user:hunter2"},
        {"smtp_url": "smtp://mail.example.com:hunter2"},
        {"public_url": "chat.example.com"},
        {"public_url": "javascript://chat.example.com"},
        {"public_url": "https://chat.example.com/?a=b"},
        {"mail_from": "nobody"},
        {"mail_from": "Chat\nBcc: eve@example.com <a@b.c>"},
    ],
)
def test_urls_and_addresses_that_are_none_are_refused(given: dict[str, str]) -> None:
    Settings.model_validate({"smtp_url": "smtp://a:b@mail.example.com:2525", "mail_from": "a@b.c"})
    with pytest.raises(ValidationError) as refusal:
        Settings.model_validate(given)
    assert "hunter2" not in str(refusal.value)


def test_links_lead_to_the_laptop_in_development(settings: Settings) -> None:
    assert changed(settings, public_url="http://localhost:4000").public_url.endswith(":4000")
    assert settings.public_url == "http://localhost:3000"
