"""The process that paints previews, for all connections: started when needed, ended when idle."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from impasto.serving.workers.base import WorkerLost
from impasto.serving.workers.pool import limits_of
from impasto.serving.workers.process import Process
from impasto.settings.server import ServerSettings

PAINT_S = 10.0  # a preview that takes longer hangs, even where all cores are taken
OPEN_S = 60.0  # where something must be opened first: a picture, a painting, a model
IDLE_S = 300.0  # then the process ends, and its memory is free


class LivePainter:
    """Asks one worker of the role ``live``; calls wait for each other in the order they came."""

    def __init__(self, settings: ServerSettings) -> None:
        self._role = {
            "device": settings.device,
            "threads": settings.threads,
            "max_pixels": settings.max_pixels,
        }
        self._limits = limits_of(settings)
        self._process: Process | None = None
        self._turn = asyncio.Lock()
        self._known: set[object] = set()  # what the process has opened
        self._used = 0.0
        self._ending: asyncio.Task[None] | None = None
        self.lines = 0  # connections that are open

    @contextmanager
    def line(self) -> Iterator[None]:
        """Count a connection as long as it is open."""
        self.lines += 1
        try:
            yield
        finally:
            self.lines -= 1

    async def paint(
        self, wanted: Mapping[str, Any], inputs: Mapping[str, Path], frame: bytes = b""
    ) -> tuple[Mapping[str, Any], bytes]:
        """Return width and height of a preview, and its JPEG.

        Raises Refused with a problem, OutOfTime, OutOfMemory or WorkerLost; then the next call has
        a new process.
        """
        opened = _opened(wanted, inputs)
        paths = {id: str(path) for id, path in inputs.items()}
        async with self._turn:
            limit = PAINT_S if opened <= self._known else OPEN_S
            answer = await self._call("paint", {**wanted, "inputs": paths}, frame, limit)
            self._known |= opened
        return answer

    async def encode(
        self, painting: Path, style: Path, card: Mapping[str, Any]
    ) -> tuple[str, bytes]:
        """Write the style of a painting to a file; return its card as JSON, and a small JPEG.

        Raises as `paint`.
        """
        wanted = {"input": str(painting), "output": str(style), "card": dict(card)}
        async with self._turn:
            told, preview = await self._call("encode", wanted, b"", OPEN_S)
        return str(told["card"]), preview

    async def stop(self) -> None:
        """End the process."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if self._process is not None:
            await self._process.stop()
            self._process = None

    async def _call(
        self, name: str, wanted: Mapping[str, Any], blob: bytes, limit: float
    ) -> tuple[Mapping[str, Any], bytes]:
        process = await self._started()
        try:
            return await process.call(name, wanted, blob, limit_s=limit)
        except WorkerLost:  # perhaps since the last call: a second loss is this one's doing
            process = await self._started()
            return await process.call(name, wanted, blob, limit_s=OPEN_S)
        finally:
            self._used = time.monotonic()

    async def _started(self) -> Process:
        if self._process is None or not self._process.alive:
            self._known.clear()
            if self._process is not None:
                await self._process.stop()
            self._process = await Process.start("live", self._limits, self._role)
            self._ending = self._ending or asyncio.create_task(self._end_when_idle())
        return self._process

    async def _end_when_idle(self) -> None:
        self._used = time.monotonic()
        while (left := self._used + IDLE_S - time.monotonic()) > 0:
            await asyncio.sleep(left)
        async with self._turn:
            if self._process is not None:
                await self._process.stop()
            self._process = self._ending = None


def _opened(wanted: Mapping[str, Any], inputs: Iterable[str]) -> set[object]:
    """Return what must be open for a preview: pictures at its size, and networks."""
    pictures = {(id, wanted.get("size")) for id in inputs}
    painted = any(one.get("style") for one in wanted.get("regions", ()))
    return {*pictures, ("network", wanted.get("model"), painted)}
