"""What the two ends of a reader's pipe agree on: length-prefixed messages, and how it may end.

The parent needs no parser to talk to its child: nothing else is imported here.
"""

import struct
from typing import IO

EXIT_BOMB = 83
EXIT_MEMORY = 84
_LENGTH = struct.Struct("<Q")


def send(stream: IO[bytes], content: bytes) -> None:
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """The next message, None when the other side is gone."""
    head = _exactly(stream, _LENGTH.size)
    return None if head is None else _exactly(stream, _LENGTH.unpack(head)[0])


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    found = stream.read(size)
    return found if len(found) == size else None
