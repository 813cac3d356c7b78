"""A real S3 service: SeaweedFS, in a folder of its own, on ports that were free."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import obstore
from obstore.store import S3Store

from tests.houses import unused_port

BUCKET = "chatflow"
ACCESS_KEY, SECRET_KEY = "chatflow-tests", "a secret of the storage that is long enough"
_START_SECONDS = 60
_SERVERS = ("master", "volume", "filer", "s3")


@contextmanager
def seaweed(folder: Path) -> Iterator[str]:
    """Yields the address of the service, which has an empty bucket."""
    ports = {name: (unused_port(), unused_port()) for name in _SERVERS}
    address = f"http://127.0.0.1:{ports['s3'][0]}"
    folder.mkdir()
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            _command(folder, ports), stdout=log, stderr=log, cwd=folder, start_new_session=True
        )
        try:
            _wait(process, f"{address}/healthz", folder / "log")
            _make_bucket(address)
            yield address
        finally:
            process.kill()  # It would wait for clients; and what it holds is thrown away.
            process.wait()


def _command(folder: Path, ports: dict[str, tuple[int, int]]) -> list[str]:
    identity = {
        "name": "tests",
        "credentials": [{"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}],
        "actions": ["Admin", "Read", "Write", "List", "Tagging"],
    }
    (folder / "identities.json").write_text(json.dumps({"identities": [identity]}))
    (folder / "data").mkdir()
    weed = str(Path(sys.executable).with_name("weed"))
    flags = [f"-{name}.port={port}" for name, (port, _) in ports.items()]
    flags += [f"-{name}.port.grpc={grpc}" for name, (_, grpc) in ports.items()]
    return [
        *(weed, "server", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", f"-dir={folder / 'data'}"),
        *("-s3", f"-s3.config={folder / 'identities.json'}", "-s3.port.iceberg=0"),
        *("-s3.port.lance=0", "-master.volumeSizeLimitMB=64", "-volume.max=16", *flags),
    ]


def _wait(process: subprocess.Popen[bytes], url: str, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"the storage did not start: {log.read_text()[-2000:]}")


def _make_bucket(address: str) -> None:
    """Whoever writes first makes it, once there is a place for it."""
    store = S3Store(
        BUCKET,
        config={
            "endpoint": address,
            "region": "us-east-1",
            "access_key_id": ACCESS_KEY,
            "secret_access_key": SECRET_KEY,
        },
        client_options={"allow_http": True},
        retry_config={"max_retries": 100, "retry_timeout": timedelta(seconds=_START_SECONDS)},
    )
    obstore.put(store, "ready", b"yes")
    obstore.delete(store, "ready")
