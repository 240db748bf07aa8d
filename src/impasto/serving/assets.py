"""Uploads and results by the hash of their bytes; each belongs to all who brought it."""

import asyncio
import hashlib
import math
import os
import shutil
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

from impasto.errors import NotAPicture, TruncatedPicture
from impasto.images.guard import READABLE, kind_of
from impasto.serving.jobs.schema import Database
from impasto.serving.problems import Problem, problem_of
from impasto.serving.storage import Storage

TABLE = """
CREATE TABLE IF NOT EXISTS assets (
    id TEXT NOT NULL,
    owner TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    width INTEGER,
    height INTEGER,
    created REAL NOT NULL,
    expires REAL NOT NULL,
    PRIMARY KEY (id, owner)
) WITHOUT ROWID
"""
BY_EXPIRY = "CREATE INDEX IF NOT EXISTS assets_expiring ON assets (expires)"
ADD = """
INSERT INTO assets VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id, owner) DO UPDATE SET expires = max(expires, excluded.expires)
"""
HEAD = 32  # bytes that tell the format
SMALL = 1_000_000  # bytes that are hashed in a millisecond: asking a thread takes as long
SOME = 100  # assets that are looked up at once
MB = 1_000_000
LEAST_FREE = 256 * MB  # bytes of disk that uploads leave to jobs and their results
HELD_S = 100 * 365 * 86_400.0  # longer than any server lives
# Looks at an upload in a process of its own: {"media_type", "width", "height"}, or an ImpastoError.
Inspect = Callable[[Path], Awaitable[Mapping[str, Any]]]


@dataclass(frozen=True)
class Asset:
    """A file that a client brought or a job made; times are seconds since 1970."""

    id: str  # SHA-256 of its bytes, hex
    owner: str
    media_type: str
    size: int  # bytes
    width: int | None
    height: int | None
    created: float
    expires: float


class Assets:
    """The table of assets, and their bytes in a storage.

    Args:
        database: the server's, where the table is made if it is not there.
        scratch: a folder for files that are arriving.
        max_body: the largest upload in MB.
        keep: hours until an asset expires.
    """

    def __init__(
        self,
        database: Database,
        storage: Storage,
        inspect: Inspect,
        scratch: Path,
        max_body: int = 32,
        keep: float = 24,
    ) -> None:
        self.storage = storage
        self._database, self._inspect, self._scratch = database, inspect, scratch
        self._most, self._keep_s = max_body * MB, keep * 3600
        self.received, self.refused = 0, Counter[str]()  # uploads since the start; why not
        # While bytes come or go, nobody else brings or removes the same ones.
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        scratch.mkdir(parents=True, exist_ok=True)
        with database.transaction() as connection:
            connection.execute(TABLE)
            connection.execute(BY_EXPIRY)

    async def receive(self, stream: AsyncIterator[bytes], owner: str) -> Asset:
        """Take an upload: count and hash it while it comes, look at it, and keep it.

        Raises NotAPicture, TruncatedPicture, Problem for too many bytes, and what looking raises.
        """
        part = self._scratch / f"{os.urandom(8).hex()}.upload"
        try:
            asset = await self._received(stream, part, owner)
        except Exception as error:
            self.refused[problem_of(error).name] += 1
            raise
        finally:
            part.unlink(missing_ok=True)
        self.received += 1
        return asset

    async def _received(self, stream: AsyncIterator[bytes], part: Path, owner: str) -> Asset:
        id = await self._write(stream, part)
        seen = self.get(id, owner)
        facts = vars(seen) if seen else await self._inspect(part)
        return await self._add(part, id, owner, facts)  # the bytes too: they may have been lost

    async def add_file(
        self,
        path: Path,
        owner: str,
        media_type: str,
        width: int | None = None,
        height: int | None = None,
    ) -> Asset:
        """Keep a file of the server's own making; the file is given away."""
        small = path.stat().st_size <= SMALL
        id = _hash_of(path) if small else await asyncio.to_thread(_hash_of, path)
        facts = {"media_type": media_type, "width": width, "height": height}
        return await self._add(path, id, owner, facts)

    def get(self, id: str, owner: str) -> Asset | None:
        """Return an asset of an owner; None where it is not there, is another's or has expired."""
        rows = self._database.rows(
            "SELECT * FROM assets WHERE id = ? AND owner = ? AND expires > ?",
            (id, owner, time.time()),
        )
        return Asset(*rows[0]) if rows else None

    def list(self, owner: str, limit: int = 100, after: str = "") -> list[Asset]:
        """Return assets of an owner by id, those behind the id ``after``."""
        rows = self._database.rows(
            "SELECT * FROM assets WHERE owner = ? AND id > ? AND expires > ? ORDER BY id LIMIT ?",
            (owner, after, time.time(), limit),
        )
        return [Asset(*row) for row in rows]

    async def path(self, id: str, owner: str) -> Path | None:
        """Return a file with the bytes of an asset, to be read only; None where it is not there."""
        if self.get(id, owner) is None:
            return None
        try:
            return await self.storage.local(key_of(id))
        except FileNotFoundError:
            return None

    def keep(self, ids: Iterable[str], owner: str) -> None:
        """Put off the expiry of assets that are in use."""
        expires = time.time() + self._keep_s
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE assets SET expires = max(expires, ?) WHERE id = ? AND owner = ?",
                [(expires, id, owner) for id in ids],
            )

    def hold(self, ids: Iterable[str], owner: str) -> None:
        """Keep assets until they are released, as those of an owner's own styles."""
        self._expire_at(time.time() + HELD_S, ids, owner)

    def release(self, ids: Iterable[str], owner: str) -> None:
        """Let assets that were held expire as others do."""
        self._expire_at(time.time() + self._keep_s, ids, owner)

    def _expire_at(self, expires: float, ids: Iterable[str], owner: str) -> None:
        with self._database.transaction() as connection:
            connection.executemany(
                "UPDATE assets SET expires = ? WHERE id = ? AND owner = ?",
                [(expires, id, owner) for id in ids],
            )

    async def delete(self, id: str, owner: str) -> bool:
        """Forget an asset of an owner; its bytes go with the last owner. Tell whether it was."""
        return await self._delete(id, owner, math.inf)

    async def expire(self, now: float | None = None) -> int:
        """Delete what has expired, and return how many assets that were."""
        now = time.time() if now is None else now
        query = "SELECT id, owner FROM assets WHERE expires <= ? LIMIT ?"
        gone = 0
        while rows := self._database.rows(query, (now, SOME)):
            for id, owner in rows:
                gone += await self._delete(id, owner, now)
                await asyncio.sleep(0)  # of thousands, none holds the others up
        await asyncio.to_thread(self.storage.tidy)
        return gone

    async def _delete(self, id: str, owner: str, expired: float) -> bool:
        async with self._lock(id):
            with self._database.transaction() as connection:
                gone = connection.execute(
                    "DELETE FROM assets WHERE id = ? AND owner = ? AND expires <= ?",
                    (id, owner, expired),
                ).rowcount
            if gone and not self._database.rows("SELECT 1 FROM assets WHERE id = ?", (id,)):
                await self.storage.delete(key_of(id))
        return bool(gone)

    async def _write(self, stream: AsyncIterator[bytes], part: Path) -> str:
        if shutil.disk_usage(self._scratch).free < LEAST_FREE:
            raise Problem("storage-full", "Try again later, or ask who runs it to free space.")
        digest, size, head = hashlib.sha256(), 0, b""
        with part.open("wb") as file:
            async for chunk in stream:
                size += len(chunk)
                if size > self._most:
                    raise Problem(
                        "body-too-large",
                        f"The file is larger than {self._most // MB} MB. Send a smaller one.",
                    )
                if len(head) < HEAD:
                    head = _checked_head(head + chunk[:HEAD])
                digest.update(chunk)
                file.write(chunk)
        if size < HEAD:
            raise TruncatedPicture("The file is empty or ends early. Send a picture.")
        return digest.hexdigest()

    async def _add(self, path: Path, id: str, owner: str, facts: Mapping[str, Any]) -> Asset:
        now, size = time.time(), path.stat().st_size
        asset = Asset(
            id,
            owner,
            facts["media_type"],
            size,
            facts.get("width"),
            facts.get("height"),
            now,
            now + self._keep_s,
        )
        async with self._lock(id):
            await self.storage.put_file(path, key_of(id))
            with self._database.transaction() as connection:
                connection.execute(ADD, tuple(vars(asset).values()))
        return self.get(id, owner) or asset

    def _lock(self, id: str) -> asyncio.Lock:
        return self._locks.setdefault(id, asyncio.Lock())


def key_of(id: str) -> str:
    """Return where the bytes of an asset lie in the storage."""
    return f"assets/{id[:2]}/{id}"


def _checked_head(head: bytes) -> bytes:
    """Return the first bytes of an upload; formats that are not read end it as early as that."""
    if len(head) >= HEAD and kind_of(head) is None:
        raise NotAPicture(f"The file is no picture that is read here. Send {READABLE}.")
    return head


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
