"""Brings jobs to workers as soon as one is free, and keeps what they make."""

import asyncio
import contextlib
import logging
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

from impasto.serving.assets import Assets
from impasto.serving.jobs.events import Bell, JobEvent
from impasto.serving.jobs.expiry import expire, forget
from impasto.serving.jobs.folders import Folders
from impasto.serving.jobs.job import ENDED, Job, Lane
from impasto.serving.jobs.run import LEASE, Run
from impasto.serving.jobs.store import JobStore
from impasto.serving.workers.base import Executor
from impasto.settings.server import ServerSettings
from impasto.weights.locks import held

LANES: tuple[Lane, ...] = ("short", "long")
RENEW_EVERY = 15.0
EXPIRE_EVERY = 60.0
RETRY = 1.0  # seconds after an error
PATIENCE = 10.0  # seconds for short jobs to end when the server does
logger = logging.getLogger("impasto.serving")


class Dispatcher:
    """Runs the jobs of a store; one is at work on a server's folder.

    Args:
        on_change: called with a job after each change of its state.
    """

    def __init__(
        self,
        store: JobStore,
        executor: Executor,
        assets: Assets,
        settings: ServerSettings,
        on_change: Callable[[Job], None] = lambda job: None,
    ) -> None:
        self.store, self.executor, self.assets, self.settings = store, executor, assets, settings
        self.folders = Folders(store.path.parent / "work")
        self._on_change = on_change
        self._name = f"{os.getpid()}"
        self._bell, self._woken = Bell(), asyncio.Event()
        self._runs: dict[str, tuple[Run, asyncio.Task[None]]] = {}
        self._watchers: Counter[str] = Counter()
        self._loops: list[asyncio.Task[None]] = []
        self._fetching: Counter[Lane] = Counter()  # claimed, but not yet known to the executor
        self._open = False
        self._lock = contextlib.ExitStack()
        store.listen(self._changed)

    async def start(self) -> None:
        """Take the folder, put back what an earlier server left, and begin.

        Raises OutputExists where another server is at work in the folder.
        """
        advice = "Stop the other server, or give this one a folder of its own: --folder PATH."
        with contextlib.ExitStack() as failing:
            failing.enter_context(held(self.store.path.parent, advice))
            self.store.void_leases()
            self.folders.clean(self.store)
            await self.executor.start()
            self._lock = failing.pop_all()
        self._open = True
        chores = (self._claim, self._renew, self._expire)
        self._loops = [asyncio.create_task(self._for_ever(chore)) for chore in chores]
        self.wake()

    def drain(self) -> None:
        """Begin no more jobs, and let all who wait or listen go."""
        self._open = False
        self._bell.ring_all()

    async def stop(self, patience_s: float = PATIENCE) -> None:
        """End: short jobs have some seconds to finish, the others wait for the next server."""
        self.drain()
        runs = list(self._runs.values())
        if short := [task for run, task in runs if run.job.lane == "short"]:
            await asyncio.wait(short, timeout=patience_s)
        ending = [*self._loops, *(task for _, task in runs)]
        for task in ending:
            task.cancel()
        await asyncio.gather(*ending, return_exceptions=True)
        await self.executor.stop()
        self._lock.close()

    def wake(self) -> None:
        """Look for work now."""
        self._woken.set()

    async def wait(self, id: str, timeout_s: float) -> Job | None:
        """Return a job as soon as it ended, or as it is after so many seconds; None if deleted."""
        with contextlib.suppress(TimeoutError), self._watching(id):
            async with asyncio.timeout(timeout_s):
                while self._open:
                    with self._bell.waiting(id) as rung:
                        if (job := self.store.get(id)) is None or job.state in ENDED:
                            return job
                        await rung
        return self.store.get(id)

    async def subscribe(self, id: str, after: int = 0) -> AsyncIterator[JobEvent]:
        """Give the events of a job behind the number `after`, and new ones until it ended."""
        with self._watching(id):
            while True:
                with self._bell.waiting(id) as rung:
                    job = self.store.get(id)
                    for event in self.store.events(id, after):
                        after = event.seq
                        yield event
                    if job is None or job.state in ENDED or not self._open:
                        return
                    await rung

    @contextlib.contextmanager
    def _watching(self, id: str) -> Iterator[None]:
        self._watchers[id] += 1
        try:
            yield
        finally:
            self._watchers[id] -= 1
            if not self._watchers[id]:
                del self._watchers[id]

    def watched(self, id: str) -> bool:
        """Tell whether anybody waits for a job or listens to it."""
        return id in self._watchers

    def preview(self, id: str) -> bytes | None:
        """Return the last preview of a running job, a JPEG."""
        run = self._runs.get(id)
        return run[0].preview or None if run else None

    def finish(self, id: str) -> Job | None:
        """Ask a job to end with what is there; return it as it is then."""
        return self._stop(id, finish=True)

    def cancel(self, id: str) -> Job | None:
        """Ask a job to end with nothing; return it as it is then."""
        return self._stop(id, finish=False)

    def _stop(self, id: str, *, finish: bool) -> Job | None:
        self.store.ask_to_stop(id, "finish" if finish else "cancel")
        for run, _ in list(self._runs.values()):
            # "finish" ends a batch with the pictures that are begun: those are not cut short.
            if run.job.id == id or (run.job.parent == id and not finish):
                self.executor.stop_task(run.job.id, finish=finish)
        return self.store.get(id)

    async def delete(self, id: str) -> bool:
        """Forget a job, its children and what they made; tell whether there was one."""
        self.cancel(id)
        family = [task for run, task in self._runs.values() if id in (run.job.id, run.job.parent)]
        if family:  # who sends the id again shall not meet the old one at work
            await asyncio.wait(family, timeout=PATIENCE)
        return await forget(self.store, self.assets, id)

    def _changed(self, id: str, kind: str) -> None:
        self._bell.ring(id)
        if kind != "state":
            return
        self.wake()
        if job := self.store.get(id):
            try:
                self._on_change(job)
            except Exception:
                logger.exception("telling of job %s", id)

    async def _for_ever(self, chore: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await chore()
            except Exception:  # a full disk, a bucket that is away: it may pass
                logger.exception("the jobs")
                await asyncio.sleep(RETRY)
                self.wake()

    async def _claim(self) -> None:
        await self._woken.wait()
        self._woken.clear()
        for lane in LANES:
            while self._open and self.executor.free(lane) > self._fetching[lane]:
                job = self.store.claim(lane, self._name, LEASE)
                if job is None:
                    break
                self._begin(job)

    def _begin(self, job: Job) -> None:
        self._fetching[job.lane] += 1
        run = Run(
            job,
            self.store,
            self.executor,
            self.assets,
            self.settings,
            self.folders,
            lambda: self._fetching.subtract([job.lane]),
        )
        self._runs[job.id] = run, asyncio.create_task(self._follow(run))

    async def _follow(self, run: Run) -> None:
        try:
            await run.done()
        finally:
            running, _ = self._runs.get(run.job.id, (None, None))
            if running is run:
                del self._runs[run.job.id]
            self.wake()

    async def _renew(self) -> None:
        await asyncio.sleep(RENEW_EVERY)
        for run, _ in list(self._runs.values()):
            if not self.store.renew(run.job.id, run.job.attempts, LEASE):
                self.executor.stop_task(run.job.id, finish=False)
        self.store.requeue_expired()
        self.wake()

    async def _expire(self) -> None:
        await expire(self.store, self.assets)
        await asyncio.sleep(EXPIRE_EVERY)
