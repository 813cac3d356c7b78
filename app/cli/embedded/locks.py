"""The locks in the data folder: whose turn it is, who uses the servers, and does a server live?"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def turn(data: Path) -> Iterator[None]:
    """One process at a time starts or stops servers."""
    lock = _lock(data / "turn.lock", fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(lock)


def hold(data: Path) -> int:
    """Become a user of the servers until the returned descriptor is closed.

    The kernel closes it when we are killed. The servers do not inherit it: Python's descriptors end
    at exec.
    """
    return _lock(data / "users.lock", fcntl.LOCK_SH)


def is_held(data: Path) -> bool:
    """Does any process still use the servers?"""
    try:
        os.close(_lock(data / "users.lock", fcntl.LOCK_EX | fcntl.LOCK_NB))
    except BlockingIOError:
        return True
    return False


def life(data: Path, name: str) -> int:
    """A lock for the server itself to inherit: as long as it is held, one of its processes lives.

    Raises: BlockingIOError if one does, wherever it may be. Another container with the same data
    folder sees neither our processes nor our sockets, but it does see our locks.
    """
    return _lock(data / f"{name}.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)


def _lock(path: Path, operation: int) -> int:
    while True:
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        try:
            fcntl.flock(lock, operation)
            if _is_still(path, lock):
                return lock
        except BaseException:
            os.close(lock)
            raise
        os.close(lock)


def _is_still(path: Path, lock: int) -> bool:
    # While we waited, the data folder may have been removed and made again: then this lock keeps
    # nobody out.
    try:
        return os.path.samestat(os.stat(path), os.fstat(lock))
    except FileNotFoundError:
        return False
