"""The ways to follow a conversation: all take the same cursor, and yield the same frames.

Each is a function: what a client hears from a cursor on, until the connection ends; then it may
come back by another. Without a cursor a `welcome` says where it began. One that ends breaks off
(`BREAKS`), or with a word of the server's (`Goodbye`).
"""

from tests.system.transports.cable import action_cable, native
from tests.system.transports.feed import long_poll, server_sent_events
from tests.system.transports.transport import BREAKS, Frame, Goodbye, Transport

__all__ = ["BREAKS", "TRANSPORTS", "Frame", "Goodbye", "Transport", "native"]

TRANSPORTS = (native, server_sent_events, long_poll, action_cable)
