"""What the kernel knows of connections and of those who hold them."""

import os
from contextlib import suppress
from pathlib import Path


def inode_of(local_port: int, remote_port: int) -> str:
    """Of an end of a TCP connection over IPv4; "0" while nobody has accepted it.

    Shape of a line: number, local address and remote one in hexadecimal, ..., inode.
    """
    for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        fields = line.split()
        ports = tuple(int(address.split(":")[1], 16) for address in fields[1:3])
        if ports == (local_port, remote_port):
            return fields[9]
    return "0"


def open_files(pid: int) -> set[str]:
    files = set()
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(OSError):  # It was closed, or the process ended, while we looked.
            files.add(os.readlink(link))
    return files
