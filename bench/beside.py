"""Beside its peers: ChatFlow and a Socket.IO server on the same Postgres, in one run, in one table.

.venv/bin/python -m bench.beside FOLDER [--workers 2] [--free] [... what FOLDER/compare.sh takes]

FOLDER has the peers, the load and the scripts that start and measure them: see its README. ChatFlow
is given a database of its own there, new each time. Two workers are compared, as the peer has two
processes: on one CPU, and the load on the other, or with `--free` wherever they like.
"""

import argparse
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncpg
import uvloop

from bench.house import House, free_house

DATABASE = "chatflow_beside"


def parse() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(prog="bench.beside", description=__doc__)
    parser.add_argument("folder", type=Path, help="where compare.sh is")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--free", action="store_true", help="server and load wherever they like")
    given, others = parser.parse_known_args()
    if not (given.folder / "compare.sh").is_file():
        parser.error(f"{given.folder} has no compare.sh")
    return given, others


@contextmanager
def services(folder: Path) -> Iterator[dict[str, str]]:
    """Postgres and Redis of the peers. Yields the environment of who uses them."""
    subprocess.run([folder / "peers-up.sh", "services"], check=True)
    postgres = f"127.0.0.1:{os.environ.get('PEERS_PG_PORT', '15432')}"
    redis = f"127.0.0.1:{os.environ.get('PEERS_REDIS_PORT', '16379')}"
    try:
        yield {
            "DATABASE_URL": f"postgresql://postgres@{postgres}/{DATABASE}",
            "REDIS_URL": f"redis://{redis}",
        }
    finally:
        subprocess.run([folder / "peers-down.sh"], check=True, stdout=subprocess.DEVNULL)


async def make_database(url: str) -> None:
    connection = await asyncpg.connect(url.replace(f"/{DATABASE}", "/postgres"))
    await connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
    await connection.execute(f"CREATE DATABASE {DATABASE}")
    await connection.close()


def compare(folder: Path, house: House, *options: str) -> None:
    base = f"http://127.0.0.1:{house.port}"
    command = [str(folder / "compare.sh"), "--base", base, "--pid", str(house.pid), *options]
    subprocess.run(command, check=True)


def main() -> None:
    given, others = parse()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # The server inherits it.
    with services(given.folder) as environment:
        uvloop.run(make_database(environment["DATABASE_URL"]))
        print(
            "ChatFlow is filled, and started again: what it holds in memory is then that of rest."
        )
        with free_house(given.workers, **environment) as house:
            quick = ["--only", "http", "--seconds", "1", "--peers", "none", "--reseed"]
            compare(given.folder, house, *quick)
        with free_house(given.workers, **environment) as house:
            compare(given.folder, house, *([] if given.free else ["--pinned"]), *others)


if __name__ == "__main__":
    main()
