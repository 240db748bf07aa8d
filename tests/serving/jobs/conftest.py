"""A store with a clock that tests turn, and a dispatcher whose worker does as it is told."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from impasto.serving.assets import Assets
from impasto.serving.jobs.dispatcher import Dispatcher
from impasto.serving.jobs.job import Job, Lane
from impasto.serving.jobs.store import JobStore
from impasto.serving.storage import Storage
from impasto.serving.workers.base import Canceled, Event, Outcome, Task
from impasto.settings.server import ServerSettings

Act = Callable[[Task, Callable[[Event], None]], Awaitable[Outcome]]


class Clock:
    """A time that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


class Puppet:
    """An executor that does what a test says, and ends tasks when it is asked to."""

    def __init__(self, act: Act, slots: int = 1) -> None:
        self.act, self.slots = act, slots
        self.running: dict[str, asyncio.Task[Outcome]] = {}
        self.finishing: set[str] = set()
        self.tasks: list[Task] = []

    async def start(self) -> None:
        """Nothing to get ready."""

    async def stop(self) -> None:
        """Nothing is left."""

    def free(self, lane: Lane) -> int:
        """Every lane has as many slots."""
        return self.slots - sum(task.lane == lane for task in self.tasks)

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Act; being asked to stop ends it as canceled."""
        self.tasks.append(task)
        work = asyncio.ensure_future(self.act(task, on_event))
        self.running[task.id] = work
        try:
            return await work
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                raise
            raise Canceled from None
        finally:
            self.tasks.remove(task)
            del self.running[task.id]

    def stop_task(self, id: str, *, finish: bool) -> None:
        """Cancel, or remember that it shall finish."""
        if finish:
            self.finishing.add(id)
        elif id in self.running:
            self.running[id].cancel()


Opened = Callable[..., AbstractAsyncContextManager[Dispatcher]]


def job(kind: str = "stylization", **values: Any) -> Job:
    """Return a job that asks for nothing in particular."""
    return Job(**({"id": secrets.token_hex(8), "kind": kind, "request": {}} | values))


@pytest.fixture
def clock() -> Clock:
    """The time of the store."""
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> JobStore:
    """An empty store in which ten jobs may wait."""
    return JobStore(tmp_path / "jobs.sqlite", queue=10, keep_s=100, clock=clock)


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Open a dispatcher on the test's folder; opened again, it finds what was there."""

    @asynccontextmanager
    async def opened(
        act: Act, *, slots: int = 1, patience_s: float = 5, **more: Any
    ) -> AsyncIterator[Dispatcher]:
        store = JobStore(tmp_path / "jobs.sqlite")
        storage = Storage.open(None, tmp_path / "pictures")
        assets = Assets(store.database, storage, _inspect, tmp_path / "arriving")
        dispatcher = Dispatcher(store, Puppet(act, slots), assets, ServerSettings(), **more)
        await dispatcher.start()
        try:
            yield dispatcher
        finally:
            await dispatcher.stop(patience_s)
            store.close()

    return opened


async def _inspect(path: Path) -> Mapping[str, Any]:
    return {"media_type": "image/png", "width": 8, "height": 8}
