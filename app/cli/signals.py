"""Signals as something to wait for."""

import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager


def let_sigterm_unwind() -> None:
    """SIGTERM ends a command as Ctrl-C does: whatever it has started is stopped on the way out."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def has_terminal() -> bool:
    """Is standard input a terminal, and is it still there?"""
    return os.isatty(0)


@contextmanager
def caught(*numbers: signal.Signals) -> Iterator[socket.socket]:
    """Each signal arrives as a byte, its number, on the socket.

    After the block they are ignored: who is leaving need not be asked again.
    """
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        signal.set_wakeup_fd(writer.fileno())
        for number in numbers:
            signal.signal(number, lambda *_: None)
        try:
            yield reader
        finally:
            for number in numbers:
                signal.signal(number, signal.SIG_IGN)
            signal.set_wakeup_fd(-1)
