"""Processes of one lane: some idle, some at work, never more than so many."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from typing import Any

from impasto.serving.workers.limits import MB, Limits
from impasto.serving.workers.process import Process

IDLE_S = 60.0  # until a process that has nothing to do ends, where none has to be there
GROWN = 0.6  # share of the memory above which an idle process is replaced


class WorkerLane:
    """Lends processes to tasks, and replaces those that are lost.

    Args:
        role, limits, settings: as of `Process.start`.
        size: the largest number of processes.
    """

    def __init__(self, role: str, size: int, limits: Limits, settings: Mapping[str, Any]) -> None:
        self.lost = 0
        self._role, self._size, self._limits, self._settings = role, size, limits, settings
        self._wanted = 0  # by tasks, that have one or wait for one
        self._turns = asyncio.Semaphore(size)
        self._starting = asyncio.Lock()
        self._idle: dict[Process, asyncio.Task[None] | None] = {}  # with what ends it in a while
        self._busy: set[Process] = set()
        self._all: set[Process] = set()  # also those that are just ending
        self._chores: set[asyncio.Task[None]] = set()
        self._filled = self._closed = False

    @property
    def free(self) -> int:
        """How many more tasks can begin now."""
        return max(0, self._size - self._wanted)

    @property
    def living(self) -> list[Process]:
        """The processes that live now."""
        return [process for process in self._all if process.alive]

    async def fill(self) -> None:
        """Start all processes; from now on they are always there."""
        self._filled = True
        for process in await asyncio.gather(*(self._start() for _ in range(self._size))):
            self._idle[process] = None

    async def stop(self) -> None:
        """End all processes now."""
        self._closed = True
        for chore in self._chores:
            chore.cancel()
        await asyncio.gather(*self._chores, return_exceptions=True)
        self._idle.clear()
        await asyncio.gather(*(self._end(process) for process in [*self._all]))

    @asynccontextmanager
    async def borrowed(self) -> AsyncIterator[Process]:
        """Lend a process for one task; raise WorkerLost where none can be started."""
        self._wanted += 1
        try:
            async with self._turns:
                process = await self._take()
                self._busy.add(process)
                try:
                    yield process
                finally:
                    self._busy.discard(process)
                    self._give_back(process)
        finally:
            self._wanted -= 1

    async def _take(self) -> Process:
        async with self._starting:
            while self._idle:
                process, ending = self._idle.popitem()  # the last one in: its caches are warm
                if ending is not None:
                    ending.cancel()
                if process.alive:
                    return process
                self._chore(self._replace(process))
            return await self._start()

    def _give_back(self, process: Process) -> None:
        if self._closed:
            return
        most = self._limits.memory * MB
        grown = most and (process.memory or 0) > GROWN * most
        if grown or not process.alive:
            self.lost += not grown
            self._chore(self._replace(process))
        else:
            self._idle[process] = None if self._filled else self._chore(self._retire(process))

    async def _replace(self, process: Process) -> None:
        await self._end(process)
        async with self._starting:
            if self._filled and len(self._idle) + len(self._busy) < self._size:
                self._idle[await self._start()] = None

    async def _retire(self, process: Process) -> None:
        await asyncio.sleep(IDLE_S)
        if self._idle.pop(process, None) is not None:
            await self._end(process)

    async def _start(self) -> Process:
        process = await Process.start(self._role, self._limits, self._settings)
        self._all.add(process)
        return process

    async def _end(self, process: Process) -> None:
        await process.stop()
        self._all.discard(process)

    def _chore(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        chore = asyncio.create_task(work)
        self._chores.add(chore)
        chore.add_done_callback(self._chores.discard)
        return chore
