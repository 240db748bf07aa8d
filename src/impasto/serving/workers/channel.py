"""Messages between the server and a worker: a line of JSON, then as many bytes as it says."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

MOST_HEAD = 8 << 20  # bytes of the line
MOST_BYTES = 1 << 30  # bytes behind it


class BrokenChannel(Exception):
    """What came is no message."""


@dataclass(frozen=True)
class Message:
    """One message: what it is, plain values, and bytes."""

    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    blob: bytes = b""

    def parts(self) -> tuple[bytes, bytes]:
        """Return the message as it is sent: the line, and the bytes.

        >>> Message("ready").parts()
        (b'{"kind": "ready", "payload": {}, "size": 0}\\n', b'')
        """
        head = {"kind": self.kind, "payload": self.payload, "size": len(self.blob)}
        return json.dumps(head).encode() + b"\n", self.blob


def read(file: BinaryIO) -> Message | None:
    """Return the next message, None where the other side has closed; wait for it."""
    line = file.readline(MOST_HEAD)
    if not line.endswith(b"\n"):
        return None
    kind, payload, size = _understood(line)
    blob = file.read(size)
    return Message(kind, payload, blob) if len(blob) == size else None


def write(file: BinaryIO, message: Message) -> None:
    """Send a message at once."""
    for part in message.parts():
        file.write(part)
    file.flush()


async def receive(reader: asyncio.StreamReader) -> Message | None:
    """Return the next message, None where the other side has closed."""
    try:
        line = await reader.readuntil(b"\n")
        kind, payload, size = _understood(line)
        return Message(kind, payload, await reader.readexactly(size) if size else b"")
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    except asyncio.LimitOverrunError as error:
        raise BrokenChannel("a message is too long") from error


async def send(writer: asyncio.StreamWriter, message: Message) -> None:
    """Send a message; one that nobody reads any more is lost."""
    try:
        for part in message.parts():
            writer.write(part)
        await writer.drain()
    except ConnectionError:
        pass  # the next `receive` tells


def _understood(line: bytes) -> tuple[str, Mapping[str, Any], int]:
    try:
        head = json.loads(line)
        kind, payload, size = head["kind"], head["payload"], head["size"]
    except (ValueError, LookupError, TypeError) as error:
        raise BrokenChannel("a message is no JSON of ours") from error
    if not (isinstance(kind, str) and isinstance(payload, dict) and type(size) is int):
        raise BrokenChannel("a message is not in its form")
    if not 0 <= size <= MOST_BYTES:
        raise BrokenChannel(f"a message of {size} bytes is too large")
    return kind, payload, size
