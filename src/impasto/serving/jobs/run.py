"""One attempt at a job: its inputs are fetched, a worker does it, what it made is kept."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from pathlib import Path

from impasto.serving.assets import Assets
from impasto.serving.jobs.folders import Folders
from impasto.serving.jobs.job import Job, Output
from impasto.serving.jobs.rows import assets_of
from impasto.serving.jobs.store import JobStore
from impasto.serving.media import media_type_of
from impasto.serving.problems import Problem, problem_of
from impasto.serving.workers.base import Canceled, Event, Executor, Outcome, Task, WorkerLost
from impasto.settings.server import ServerSettings

LEASE = 60.0  # seconds
PROGRESS_EVERY = 0.25  # seconds; what comes faster is not written down
logger = logging.getLogger("impasto.serving")


class Run:
    """One attempt; `done` ends it whatever happens, in the store as well.

    Args:
        folders: where the worker leaves what it makes.
        given: called once, just before the executor gets the job, or where it never does.
    """

    def __init__(
        self,
        job: Job,
        store: JobStore,
        executor: Executor,
        assets: Assets,
        settings: ServerSettings,
        folders: Folders,
        given: Callable[[], None],
    ) -> None:
        self.job, self.preview = job, b""
        self._store, self._executor, self._assets = store, executor, assets
        self._settings, self._folders, self._given = settings, folders, given
        self._folder: Path | None = None
        self._told = -PROGRESS_EVERY

    async def done(self) -> None:
        """Do the job, and write down how it ended."""
        id, attempt = self.job.id, self.job.attempts
        try:
            outcome = await self._work()
            outputs = await self._keep(outcome)
            self._store.succeed(id, attempt, outputs, outcome.facts)
        except Canceled:
            self._store.cancel(id, attempt)
        except WorkerLost:
            self._store.lose(id, attempt)
        except asyncio.CancelledError:  # the server ends: the next one goes on
            self._store.put_back(id, attempt)
            raise
        except Exception as error:
            problem = problem_of(error)
            if problem.name == "internal-error":
                logger.exception("job %s", id)
            self._store.fail(id, attempt, problem.to_json(f"/v1/jobs/{id}"))
        finally:
            self._clean()

    async def _work(self) -> Outcome:
        try:
            task = await self._task()
            wish = self._wish()
        finally:
            self._given()
        if wish == "finish":
            asyncio.get_running_loop().call_soon(self._finish)
        return await self._executor.run(task, self._heard)

    def _wish(self) -> str:
        """Return what was wished since the job was claimed, or before an attempt was lost."""
        job = self._store.get(self.job.id)
        if job is None or job.stop == "cancel":
            raise Canceled
        return job.stop

    def _finish(self) -> None:
        self._executor.stop_task(self.job.id, finish=True)

    async def _task(self) -> Task:
        job, settings = self.job, self._settings
        inputs = {}
        for id in set(assets_of(job.request)):
            path = await self._assets.path(id, job.owner)
            if path is None:
                raise Problem("unknown-asset", f'The asset "{id}" is gone. Upload it again.')
            inputs[id] = path
        self._folder = self._folders.of(job)
        return Task(
            job.id,
            job.kind,
            job.request,
            inputs,
            self._folder,
            job.lane,
            settings.time_limit if job.lane == "short" else settings.long_limit,
            settings.max_pixels,
            settings.max_output,
        )

    async def _keep(self, outcome: Outcome) -> list[Output]:
        outputs, owner = [], self.job.owner
        for path in outcome.files:
            media_type = media_type_of(path)
            sides = outcome.facts if media_type.startswith("image/") else {}
            width, height = sides.get("width"), sides.get("height")
            asset = await self._assets.add_file(path, owner, media_type, width, height)
            outputs.append(Output(path.name, asset.id, media_type, asset.size, width, height))
        return outputs

    def _heard(self, event: Event) -> None:
        if event.preview is not None:
            with contextlib.suppress(OSError):  # the worker writes the next one already
                self.preview = event.preview.read_bytes()
        now = time.monotonic()
        if event.kind != "words" and now - self._told < PROGRESS_EVERY:
            return
        if event.kind == "progress":
            self._store.renew(self.job.id, self.job.attempts, LEASE, event.values)
        else:
            self._store.note(self.job.id, self.job.attempts, event.kind, event.values)
        if event.kind != "words":
            self._told = now

    def _clean(self) -> None:
        if self._folder is not None:
            job = self._store.get(self.job.id) if self.job.lane == "long" else None
            self._folders.give_back(self._folder, goes_on=job is not None and job.ended is None)
