"""Compiled networks kept on disk: damaged or unwritable files cost time, never an error."""

import hashlib
import os
from pathlib import Path

from impasto.device.folders import cache_folder
from impasto.errors import OutputError
from impasto.weights.files import write_atomically

VERSION = "impasto-compiled/1"
KEEP = 24  # newest files that stay; a painter has four


def key_of(*parts: bytes | str) -> str:
    """Return a name for everything that a compiled network depends on.

    >>> key_of("a", "b") == key_of("ab")
    False
    """
    digest = hashlib.sha256(VERSION.encode())
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little") + data)
    return digest.hexdigest()


def recall(key: str) -> bytes | None:
    """Return what was kept under a key, or None; a damaged file is removed."""
    path = _path(key)
    try:
        if not _is_ours(path):
            return None
        data = path.read_bytes()
    except OSError:
        return None
    head, body = data[:64], data[64:]
    if head == _head(key, body):
        return body
    forget(key)
    return None


def keep(key: str, data: bytes) -> None:
    """Keep a compiled network if the folder allows it, and drop the oldest beyond `KEEP`."""
    path = _path(key)
    try:
        write_atomically(path, _head(key, data) + data)
        newest = sorted(path.parent.glob("*.bin"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in newest[KEEP:]:
            old.unlink(missing_ok=True)
    except (OSError, OutputError):
        return  # a full disk or a folder of someone else: next time it is compiled again


def forget(key: str) -> None:
    """Remove what was kept under a key."""
    try:
        _path(key).unlink(missing_ok=True)
    except OSError:
        return


def _path(key: str) -> Path:
    return cache_folder() / "compiled" / f"{key[:40]}.bin"


def _head(key: str, body: bytes) -> bytes:
    """Return 64 bytes that fit only this key and this body."""
    return bytes.fromhex(key) + hashlib.sha256(body).digest()


def _is_ours(path: Path) -> bool:
    """Return whether the file is the user's own: a compiled network is code."""
    return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()
