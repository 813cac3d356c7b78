"""Knock at a Unix socket: does anybody listen, and who is it?"""

import socket
import struct
import sys
from pathlib import Path

# A server that is well answers within a millisecond.
_ANSWER_SECONDS = 2.0
_UCRED = struct.Struct("3i")  # Linux: pid, uid, gid.
_SOL_LOCAL, _LOCAL_PEERPID = 0, 2  # macOS: <sys/un.h>.


def connect(address: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(_ANSWER_SECONDS)
    try:
        connection.connect(str(address))
    except BaseException:
        connection.close()
        raise
    return connection


def find_listener(address: Path) -> int | None:
    """The pid of the process that listens, as the kernel knows it; 0 if it is out of our sight."""
    try:
        with connect(address) as connection:
            return _peer(connection)
    except OSError:
        return None


def _peer(connection: socket.socket) -> int:
    if sys.platform == "linux":
        credentials = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _UCRED.size)
        return int(_UCRED.unpack(credentials)[0])
    return connection.getsockopt(_SOL_LOCAL, _LOCAL_PEERPID)
