"""The README's curl session, line by line as it stands there."""

import re
import subprocess
from pathlib import Path

from tests.cli.running import chatflow, place_for_data, serve

README = Path(__file__).parents[2] / "README.md"


def shell_session() -> str:
    section = README.read_text().split("## Try it from a shell")[1].split("\n### ")[0]
    return "\n".join(re.findall(r"```sh\n(.*?)```", section, re.DOTALL))


def test_the_session_in_the_readme_runs_as_it_is_written() -> None:
    """Only the port is another, since 3000 may be taken here."""
    with place_for_data() as place, serve(place) as server:
        server.wait_until_ready()
        seeded = chatflow(place, "seed")
        assert seeded.returncode == 0, seeded.stderr

        session = shell_session().replace("localhost:3000", f"localhost:{server.port}")
        run = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", session],
            cwd=place,
            capture_output=True,
            text=True,
            timeout=60,
        )

    assert run.returncode == 0, run.stderr
    assert run.stdout.count('"status":"success"') == 2
    assert '"name":"Alice Liddell"' in run.stdout
    assert '"title":"Seed Chat"' in run.stdout
    read_by_bob = run.stdout[run.stdout.rindex('{"messages"') :]
    assert re.findall('"body":"(.*?)"', read_by_bob) == [
        "Hey Bob!",
        "Hi Alice!",
        "Hello from the shell!",
    ]
    assert "error" not in run.stdout
