"""Messages and bytes between the server and a translator: a letter, a length of four bytes, and so much."""

import json
import struct
from typing import IO, Any

HEAD = struct.Struct("!cI")
MESSAGE, DATA, END = b"M", b"D", b"E"
Message = dict[str, Any]


def message(content: Message) -> bytes:
    """A message as it is sent."""
    return frame(MESSAGE, json.dumps(content).encode())


def frame(kind: bytes, content: bytes = b"") -> bytes:
    """Some bytes as they are sent."""
    return HEAD.pack(kind, len(content)) + content


def receive(source: IO[bytes]) -> tuple[bytes, bytes] | None:
    """The kind and content of the next frame; None when the other side has closed."""
    head = source.read(HEAD.size)
    if len(head) < HEAD.size:
        return None
    kind, size = HEAD.unpack(head)
    content = source.read(size)
    return (kind, content) if len(content) == size else None
