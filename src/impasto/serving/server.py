"""The server's parts, put together: what every route reaches through ``app.state.server``."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from impasto.device.folders import data_folder
from impasto.serving import messages
from impasto.serving.assets import Assets
from impasto.serving.fetch import Outside
from impasto.serving.guards.tokens import Tokens, from_environment
from impasto.serving.inspecting import Inspector
from impasto.serving.jobs.dispatcher import Dispatcher
from impasto.serving.jobs.job import Job
from impasto.serving.jobs.schema import NAME
from impasto.serving.jobs.store import JobStore
from impasto.serving.live.painter import LivePainter
from impasto.serving.metrics import Metrics
from impasto.serving.opinions import Opinions
from impasto.serving.storage import Storage
from impasto.serving.styles import Styles
from impasto.serving.webhooks import Webhooks
from impasto.serving.workers.base import Executor
from impasto.settings.server import ServerSettings

HOUR = 3600
Judging = Callable[[messages.Request], messages.Response]


class Server:
    """All parts of one server; made by `open`, which ends them too."""

    def __init__(
        self,
        settings: ServerSettings,
        executor: Executor,
        jobs: JobStore,
        storage: Storage,
        assets: Assets,
        tokens: Tokens,
    ) -> None:
        self.settings, self.executor, self.jobs = settings, executor, jobs
        self.storage, self.assets, self.tokens = storage, assets, tokens
        self.outside = Outside()
        self.webhooks = Webhooks(jobs.database, jobs.get, tokens.secret, self.outside)
        self.metrics = Metrics(jobs, assets, executor)
        self.dispatcher = Dispatcher(jobs, executor, assets, settings, self._changed)
        self.live = LivePainter(settings)
        self.opinions = Opinions(folder_of(settings) / "ratings")
        self.judging = _judging(settings.report)
        self.styles = Styles(jobs.database, assets, self.live, folder_of(settings) / "arriving")
        self.ready = False  # to take jobs

    @classmethod
    @contextlib.asynccontextmanager
    async def open(
        cls, settings: ServerSettings, executor: Executor | None = None
    ) -> AsyncIterator["Server"]:
        """Open the folder of a server and start what works; end it all in the end.

        Raises UsageError, OutputError or OutputExists for a folder that cannot be worked in.
        """
        from impasto.serving.workers.pool import ProcessExecutor

        folder = folder_of(settings)
        jobs = JobStore(folder / NAME, queue=settings.queue, keep_s=settings.keep * HOUR)
        async with contextlib.AsyncExitStack() as ends:
            ends.callback(jobs.close)
            storage = Storage.open(settings.storage, folder / "files")
            inspector = Inspector(settings.max_pixels)
            ends.push_async_callback(inspector.stop)
            assets = Assets(
                jobs.database, storage, inspector.inspect, folder / "arriving",
                settings.max_body, settings.keep,
            )  # fmt: skip
            tokens = from_environment(folder)
            ends.callback(tokens.close)
            server = cls(
                settings, executor or ProcessExecutor(settings), jobs, storage, assets, tokens
            )
            ends.push_async_callback(server.live.stop)
            await server.dispatcher.start()
            ends.push_async_callback(server.dispatcher.stop)
            if settings.fetch:
                ends.callback(asyncio.create_task(server.webhooks.run()).cancel)
            server.ready = True
            yield server
            server.ready = False

    def close(self) -> None:
        """Take no more jobs, and let all who wait or listen go: the end is near."""
        self.ready = False
        self.dispatcher.drain()

    def _changed(self, job: Job) -> None:
        self.metrics.job_changed(job)
        if job.webhook is not None:
            self.webhooks.wake()


def _judging(report: Path | None) -> Judging | None:
    """Return what answers the page where a report is judged; raise UsageError for none there."""
    if report is None:
        return None
    from impasto.evaluation.ratings.exhibition import open_exhibition
    from impasto.evaluation.ratings.store import NAME, Ratings
    from impasto.serving.rating import RatingRoutes

    return RatingRoutes(open_exhibition(report), Ratings(report / NAME), {})


def folder_of(settings: ServerSettings) -> Path:
    """Return where jobs and pictures lie."""
    return settings.folder or data_folder() / "server"
