"""The README's curl sessions, line by line as they stand there."""

import re
import subprocess
from pathlib import Path

from tests.cli.running import chatflow, place_for_data, serve
from tests.secrecy import SECRETS

README = Path(__file__).parents[2] / "README.md"


def shell_session(title: str) -> str:
    section = re.split("\n###? ", README.read_text().split(f"## {title}\n")[1])[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


def run_sessions(*titles: str) -> subprocess.CompletedProcess[str]:
    """Only the port is another, since 3000 may be taken here."""
    with place_for_data() as place, serve(place) as server:
        server.wait_until_ready()
        seeded = chatflow(place, "seed")
        assert seeded.returncode == 0, seeded.stderr

        session = "".join(map(shell_session, titles))
        session = session.replace("localhost:3000", f"localhost:{server.port}")
        SECRETS.add_text(session)
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", session],
            cwd=place,
            capture_output=True,
            text=True,
            timeout=60,
        )


def test_the_sessions_in_the_readme_run_as_they_are_written() -> None:
    run = run_sessions("Try it from a shell", "Without a WebSocket")

    assert run.returncode == 0, run.stderr
    assert run.stdout.count('"status":"success"') == 2
    assert '"name":"Alice Liddell"' in run.stdout
    assert '"title":"Seed Chat"' in run.stdout
    heard_by_bob = run.stdout.split('{"messages"')[1]
    assert re.findall('"body":"(.*?)"', heard_by_bob)[:3] == [
        "Hey Bob!",
        "Hi Alice!",
        "Hello from the shell!",
    ]
    assert heard_by_bob.count("event: message.created") == 4
    for news in ('"body":"Can you hear me?"', '"body":"And now?"', '"name":"Bob Dodgson"'):
        assert heard_by_bob.count(news) >= 2, "as an answer, and as an event"
    assert "error" not in run.stdout


def test_accounts_and_groups_live_as_the_readme_tells_it() -> None:
    run = run_sessions(
        *("Try it from a shell", "Accounts", "Groups"),
        *("Messages change", "Files", "What is unread, and who has read it", "Who is here"),
        *("Search", "Muted, archived, favourite"),
    )

    assert run.returncode == 0, run.stderr
    account, group = run.stdout.split('"role":"admin"', 1)
    assert account.count('"status":"success"') == 5, "signed in twice, and up; a link, and its use"
    assert account.count('"carrier":"jwt"') == account.count('"carrier":"cookie"') == 1
    assert '"email":"carol@example.com"' in account
    assert '"name":"Nightly report","scope":"write"' in account
    assert '"name":"password_reset"' in account
    assert '"title":"Lunch at one"' in group
    members = group.split('"muted_until":"forever"')[0]
    assert re.findall('"username":"([a-z]+)"[^}]*"role":"([a-z]+)"', members)[-3:] == [
        ("alice", "owner"),
        ("bob", "admin"),
        ("carol", "member"),
    ]
    said, answered = re.findall(r'"body":"([^"]*)"', group.split('{"messages"')[1])[:2]
    assert (said, answered) == ("Shall we say one?", "")
    assert '"reactions":[{"emoji":"👍","count":1}]' in group
    assert '"pinned_by":' in group
    assert "Milk, bread, butterMilk{" in group, "whole, and its first four bytes"
    marks = re.findall(r'"unread_count":(\d+),"unread_mentions":\d+}', group)
    assert marks == ["0", "1"], "read, and unread again"
    assert '"read_seq":' in group
    assert '"status":"offline","last_seen_at":null' in group
    assert '"hits":[]' in group, "she says one by now"
    assert '"muted_until":"2030-01-01T07:00:00.000000Z"' in group
    assert "error" not in run.stdout


def test_every_promise_in_the_readme_names_a_test_that_there_is() -> None:
    page = README.read_text().split("## What is promised\n")[1].split("\n## ")[0]
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page)
    assert len(named) > 10
    for path, test in named:
        assert f"def {test or 'test_'}" in (README.parent / path).read_text(), f"{path}::{test}"
