"""Where bytes lie: a folder of this machine, or a bucket that speaks S3, through fsspec."""

import asyncio
import contextlib
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from impasto.errors import MissingExtra, UsageError

UNUSED_S = 3600.0  # copies from a bucket are dropped when nobody asked for them this long
_KEY = re.compile(r"[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*")
T = TypeVar("T")


class Storage:
    """Files by key; keys are made by the server alone, such as ``assets/ab/abcdef``.

    Files that are put are given away: they are moved where that is possible, and gone afterwards.
    A file is there whole or not at all.
    """

    def __init__(self, folder: Path, bucket: Any = None, prefix: str = "") -> None:
        self.folder = folder  # of the files themselves, or of copies of what lies in the bucket
        self._bucket, self._prefix = bucket, prefix
        folder.mkdir(parents=True, exist_ok=True)

    @classmethod
    def open(cls, place: str | None, folder: Path) -> "Storage":
        """Return the storage at ``s3://bucket/prefix``, or without a place the folder.

        Raises UsageError where a place is none, MissingExtra where its driver is not installed.
        """
        if place is None:
            return cls(folder)
        scheme, _, path = place.partition("://")
        if scheme != "s3" or "::" in place or not path.strip("/"):  # :: chains places in fsspec
            raise UsageError(
                f'"{place}" is no place for pictures. Give s3://bucket/prefix, or leave it out: '
                "then they lie in the server's folder."
            )
        return cls(folder, _s3(), path.strip("/"))

    async def put_file(self, path: Path, key: str) -> None:
        """Put a file under a key, replacing what is there; the file is given away."""
        await self._do(self._put_there, self._move_in, path, key)

    async def put_bytes(self, data: bytes, key: str) -> None:
        """Put bytes under a key, replacing what is there."""
        part = self._part(key)
        part.write_bytes(data)
        await self.put_file(part, key)

    async def local(self, key: str) -> Path:
        """Return a file of this machine with the bytes of a key, to be read only.

        Raises FileNotFoundError.
        """
        return await self._do(self._fetch, self._own, key)

    async def exists(self, key: str) -> bool:
        """Tell whether something lies under a key."""
        return await self._do(
            lambda key: bool(self._bucket.exists(self._far(key))),
            lambda key: self._near(key).is_file(),
            key,
        )

    async def delete(self, key: str) -> None:
        """Remove what lies under a key, if anything does."""
        self._near(key).unlink(missing_ok=True)
        if self._bucket is not None:
            await asyncio.to_thread(self._remove_there, key)

    def tidy(self, now: float | None = None) -> None:
        """Drop copies from the bucket that nobody used for an hour."""
        if self._bucket is None:
            return
        for copy in [path for path in self.folder.rglob("*") if path.is_file()]:
            if (time.time() if now is None else now) - copy.stat().st_mtime > UNUSED_S:
                copy.unlink(missing_ok=True)

    async def _do(self, there: Callable[..., T], here: Callable[..., T], *given: Any) -> T:
        # A folder answers at once; a bucket takes its time, so another thread waits for it.
        if self._bucket is None:
            return here(*given)
        return await asyncio.to_thread(there, *given)

    def _near(self, key: str) -> Path:
        return self.folder / _checked(key)

    def _far(self, key: str) -> str:
        return f"{self._prefix}/{_checked(key)}"

    def _part(self, key: str) -> Path:
        place = self._near(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        return place.with_name(f"{place.name}.{os.urandom(4).hex()}.part")

    def _move_in(self, path: Path, key: str) -> None:
        place = self._near(key)
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            path.replace(place)
        except OSError:  # it lies on another disk
            part = self._part(key)
            shutil.move(path, part)
            part.replace(place)

    def _put_there(self, path: Path, key: str) -> None:
        self._bucket.put_file(str(path), self._far(key))
        self._move_in(path, key)  # most are asked for soon

    def _own(self, key: str) -> Path:
        place = self._near(key)
        if not place.is_file():
            raise FileNotFoundError(key)
        return place

    def _fetch(self, key: str) -> Path:
        place = self._near(key)
        if not place.is_file():
            part = self._part(key)
            try:
                self._bucket.get_file(self._far(key), str(part))
                part.replace(place)
            finally:
                part.unlink(missing_ok=True)
        os.utime(place)
        return place

    def _remove_there(self, key: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._bucket.rm_file(self._far(key))


def _checked(key: str) -> str:
    """Return a key as it is: what a client wrote must never come this far."""
    if not _KEY.fullmatch(key):
        raise ValueError("this is no key of the server's own making")
    return key


def _s3() -> Any:
    import fsspec

    try:
        return fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)
    except ImportError as error:
        raise MissingExtra("Keeping pictures in a bucket", "s3") from error
