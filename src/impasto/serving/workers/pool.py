"""Tasks in processes of this machine: a crash, a leap in memory or a hang ends one task only."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import replace

from impasto.device.processor import usable_cores
from impasto.serving.jobs.job import Lane
from impasto.serving.tasks.means import Means
from impasto.serving.workers.base import Canceled, Event, Outcome, Task, WorkerLost
from impasto.serving.workers.lane import WorkerLane
from impasto.serving.workers.limits import Limits
from impasto.serving.workers.painting import event_from_json, outcome_from_json, task_to_json
from impasto.serving.workers.process import Process
from impasto.settings.server import ServerSettings

MOST = 8  # processes that are taken unasked; more cores are for their threads
NICE = 10  # of long work: short work on the same cores goes first
GRACE_S = 3.0  # for a canceled task to end by itself, before its process is ended


def best_share(settings: ServerSettings) -> tuple[int, int]:
    """Return how many processes paint, and with how many threads each.

    Processes of one thread paint most: what is not the network goes on beside it. Pictures are
    painted one by one, for several in one call are not faster (``benchmarks/batching.py``).

    >>> best_share(ServerSettings(workers=3, threads=2))
    (3, 2)
    """
    cores, gpu = usable_cores(), settings.device not in ("auto", "cpu")
    best = 1 if gpu else max(1, min(MOST, cores // (settings.threads or 1)))
    workers = settings.workers or best
    return workers, settings.threads or max(1, cores // workers)


def limits_of(settings: ServerSettings, lane: Lane = "short") -> Limits:
    """Return the limits of a process that paints."""
    return Limits(
        settings.memory,
        addresses=lane == "short" and settings.device in ("auto", "cpu"),
        nice=NICE if lane == "long" else 0,
    )


class ProcessExecutor:
    """Runs tasks in worker processes.

    Those of the short lane are there from the start; those of the long lane are started when they
    are needed, and end when they idle. One that is lost is replaced at once.

    Args:
        role: what the processes are, for tests.
    """

    def __init__(self, settings: ServerSettings, *, role: str = "paint") -> None:
        workers, threads = best_share(settings)
        short = Means(settings.device, threads, settings.data)
        long = replace(short, threads=settings.threads)
        self._lanes: Mapping[Lane, WorkerLane] = {
            "short": WorkerLane(
                role, workers, limits_of(settings), {**short.to_json(), "warm": True}
            ),
            "long": WorkerLane(
                role, settings.long_workers, limits_of(settings, "long"), long.to_json()
            ),
        }
        self._running: dict[str, _Running] = {}

    async def start(self) -> None:
        """Start the processes of the short lane and wait until they are ready."""
        await self._lanes["short"].fill()

    async def stop(self) -> None:
        """End all processes now; running tasks raise WorkerLost."""
        await asyncio.gather(*(lane.stop() for lane in self._lanes.values()))

    def free(self, lane: Lane) -> int:
        """Return how many more tasks of a lane can begin now."""
        return self._lanes[lane].free

    def processes(self) -> list[Process]:
        """Return the processes that live now, to be counted and weighed."""
        return [process for lane in self._lanes.values() for process in lane.living]

    @property
    def lost(self) -> int:
        """How many processes have ended that were not meant to, since the start."""
        return sum(lane.lost for lane in self._lanes.values())

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Do a task in a process of its lane, as soon as one is free."""
        running = self._running[task.id] = _Running()
        try:
            async with self._lanes[task.lane].borrowed() as process:
                running.begin(process)
                payload, _ = await process.call(
                    "run",
                    task_to_json(task),
                    on_event=lambda event: on_event(event_from_json(event)),
                    limit_s=task.limit_s,
                )
                running.end()
            return outcome_from_json(payload)
        except WorkerLost:
            if running.canceled:
                raise Canceled from None
            raise
        finally:
            running.end()
            del self._running[task.id]

    def stop_task(self, id: str, *, finish: bool) -> None:
        """Ask a running task to end: with what it has (finish), or dropping everything."""
        if id in self._running:
            self._running[id].wish(finish)


class _Running:
    """A task that runs or waits for its process, and what is wished of it."""

    def __init__(self) -> None:
        self.canceled = self._finish = False
        self._process: Process | None = None
        self._stopping: asyncio.Task[None] | None = None

    def begin(self, process: Process) -> None:
        """Go on in a process; raise Canceled where that is wished already."""
        if self.canceled:
            raise Canceled
        self._process = process
        if self._finish:
            self.wish(finish=True)

    def wish(self, finish: bool) -> None:
        """Tell the process, or remember until there is one."""
        self.canceled, self._finish = self.canceled or not finish, finish
        if self._process is not None:
            self.end()
            self._stopping = asyncio.create_task(_stop(self._process, self.canceled))

    def end(self) -> None:
        """Leave the process alone: it may be another task's soon."""
        if self._stopping is not None:
            self._stopping.cancel()


async def _stop(process: Process, cancel: bool) -> None:
    await process.stop_call(finish=not cancel)
    if cancel:
        await asyncio.sleep(GRACE_S)
        process.kill()
