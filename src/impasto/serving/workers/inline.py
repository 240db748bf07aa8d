"""Tasks in this process, on a thread: for tests, and where a process for each is too much."""

import asyncio
import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from impasto.errors import ImpastoError, Interrupted
from impasto.serving.jobs.job import Lane
from impasto.serving.problems import problem_of
from impasto.serving.tasks.means import Means
from impasto.serving.tasks.registry import run
from impasto.serving.workers.base import (
    Canceled,
    Event,
    Outcome,
    OutOfMemory,
    OutOfTime,
    Refused,
    Task,
)
from impasto.serving.workers.roles import Wish

log = logging.getLogger("impasto.serving.worker")


@dataclass
class _Running:
    """A task that runs, what is wished of it, and when its time is over."""

    deadline: float
    wish: Wish = ""

    def look(self) -> Wish:
        return "cancel" if time.monotonic() > self.deadline else self.wish


class InlineExecutor:
    """Runs tasks on threads, one of each lane at a time.

    No memory is limited here, and what takes too long, or is canceled, is left behind: it ends by
    itself at its next sign of progress, and holds its lane until then.
    """

    def __init__(self, means: Means | None = None) -> None:
        self._means = means or Means()
        self._threads: dict[Lane, ThreadPoolExecutor] = {}
        self._wanted: dict[Lane, int] = {"short": 0, "long": 0}
        self._running: dict[str, _Running] = {}

    async def start(self) -> None:
        """Get ready."""

    async def stop(self) -> None:
        """Ask everything that runs to end, and wait for that."""
        for running in self._running.values():
            running.wish = "cancel"
        for threads in self._threads.values():
            await asyncio.to_thread(threads.shutdown, cancel_futures=True)
        self._threads.clear()

    def free(self, lane: Lane) -> int:
        """Return how many more tasks of a lane can begin now."""
        return max(0, 1 - self._wanted[lane])

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Do a task on the thread of its lane."""
        loop = asyncio.get_running_loop()
        running = self._running[task.id] = _Running(time.monotonic() + task.limit_s)

        def tell(event: Event) -> None:
            loop.call_soon_threadsafe(on_event, event)

        def end(_: object) -> None:
            self._wanted[task.lane] -= 1

        threads = self._threads.setdefault(task.lane, ThreadPoolExecutor(1, "impasto-task"))
        self._wanted[task.lane] += 1
        work = loop.run_in_executor(threads, run, task, tell, running.look, self._means)
        work.add_done_callback(end)
        try:
            return await asyncio.wait_for(asyncio.shield(work), task.limit_s)
        except BaseException as error:
            running.wish = "cancel"
            work.add_done_callback(lambda done: done.cancelled() or done.exception())
            raise _told(error, time.monotonic() > running.deadline) from error
        finally:
            del self._running[task.id]

    def stop_task(self, id: str, *, finish: bool) -> None:
        """Ask a running task to end: with what it has (finish), or dropping everything."""
        if id in self._running:
            self._running[id].wish = "finish" if finish else "cancel"


def _told(error: BaseException, late: bool) -> BaseException:
    """Return what an executor raises for what a task raised."""
    match error:
        case TimeoutError() | Interrupted() if late:
            return OutOfTime()
        case Interrupted():
            return Canceled()
        case ImpastoError():
            return Refused(problem_of(error).to_json())
        case MemoryError():
            return OutOfMemory()
        case Exception():
            id = uuid.uuid4().hex
            log.error("error %s", id, exc_info=error)
            return Refused(problem_of(error).to_json(f"urn:uuid:{id}"))
    return error
