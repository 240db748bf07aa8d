"""Uploads are looked at in a process of their own, which may be lost without harm."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from impasto.errors import PictureError
from impasto.serving.workers.base import OutOfMemory, OutOfTime, WorkerLost
from impasto.serving.workers.process import Process
from impasto.serving.workers.reader import LIMIT_S, LIMITS


class Inspector:
    """Tells the format and sides of uploads; its process starts with the first one.

    Args:
        max_pixels: larger pictures are refused.
    """

    def __init__(self, max_pixels: int) -> None:
        self._settings = {"max_pixels": max_pixels}
        self._process: Process | None = None
        self._turn = asyncio.Lock()

    async def inspect(self, path: Path) -> Mapping[str, Any]:
        """Return media type, width and height of a picture file.

        Raises Refused, with the problem of the picture; PictureError for one that cannot be looked
        at within the limits.
        """
        async with self._turn:  # one by one: nobody's picture is lost over another's
            try:
                try:
                    return await self._asked(path)
                except WorkerLost:  # the process may have been killed before, from outside
                    return await self._asked(path)
            except (WorkerLost, OutOfTime, OutOfMemory) as error:
                raise PictureError(
                    "The picture cannot be looked at: it takes too long, or too much memory. "
                    "Save it anew, as a plain PNG or JPEG."
                ) from error

    async def stop(self) -> None:
        """End the process."""
        if self._process is not None:
            await self._process.stop()

    async def _asked(self, path: Path) -> Mapping[str, Any]:
        if self._process is None or not self._process.alive:
            await self.stop()
            self._process = await Process.start("read", LIMITS, self._settings)
        told, _ = await self._process.call("inspect", {"path": str(path)}, limit_s=LIMIT_S)
        return told
