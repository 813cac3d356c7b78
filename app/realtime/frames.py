"""Text frames, prepared once for everybody who listens by the same protocol."""

import struct
from functools import cached_property

# Source: RFC 6455, section 5.2. The last fragment (FIN) of a text; a server does not mask.
_FIN_TEXT = 0x81
_BYTES_7_BITS_CAN_SAY = 125
_BYTES_16_BITS_CAN_SAY = 0xFFFF


class Frame:
    """A text, its bytes, and the bytes that carry it over a WebSocket."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def payload(self) -> bytes:
        return self.text.encode()

    @cached_property
    def wire(self) -> bytes:
        size = len(self.payload)
        if size <= _BYTES_7_BITS_CAN_SAY:
            head = struct.pack("!BB", _FIN_TEXT, size)
        elif size <= _BYTES_16_BITS_CAN_SAY:
            head = struct.pack("!BBH", _FIN_TEXT, 126, size)
        else:
            head = struct.pack("!BBQ", _FIN_TEXT, 127, size)
        return head + self.payload
