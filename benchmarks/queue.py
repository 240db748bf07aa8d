"""What the queue costs a job: in the table alone, and on the whole way to a worker and back."""

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine
from impasto.serving.assets import Assets
from impasto.serving.jobs.dispatcher import Dispatcher
from impasto.serving.jobs.job import Job, Lane, Output
from impasto.serving.jobs.store import JobStore
from impasto.serving.storage import Storage
from impasto.serving.workers.base import Event, Outcome, Task
from impasto.settings.server import ServerSettings

PROGRESS = {"kind": "tile", "step": 1, "total": 1, "eta_s": 0.0, "values": {}}
REQUEST = {"style": ["starry-night:0.5"], "strength": 1.0, "seed": 1}
PICTURE = bytes(60_000)
MOST = 3.0  # milliseconds that a job may cost


class Nothing:
    """An executor whose tasks are done at once, with progress as of real ones, and a picture."""

    def __init__(self, picture: bytes, slots: int = 2) -> None:
        self._picture, self._slots = picture, slots

    async def start(self) -> None:
        """Nothing to get ready."""

    async def stop(self) -> None:
        """Nothing is left."""

    def free(self, lane: Lane) -> int:
        """Return how many more tasks can begin now."""
        return self._slots

    async def run(self, task: Task, on_event: Callable[[Event], None]) -> Outcome:
        """Leave a picture of this task's own, if any."""
        self._slots -= 1
        try:
            await asyncio.sleep(0)
            on_event(Event("progress", PROGRESS))
            if not self._picture:
                return Outcome((), {"seconds": 0.0})
            path = task.folder / "painting.jpg"
            path.write_bytes(self._picture + task.id.encode())
            return Outcome((path,), {"seconds": 0.0, "width": 512, "height": 512})
        finally:
            self._slots += 1

    def stop_task(self, id: str, *, finish: bool) -> None:
        """Nothing takes long enough to be stopped."""


def in_the_table(folder: Path, jobs: int) -> list[float]:
    """Return the seconds that each job costs the store, from its coming to its end."""
    store, seconds = JobStore(folder / "jobs.sqlite", queue=jobs), []
    for number in range(jobs):
        output = Output("painting.jpg", f"{number:064x}", "image/jpeg", 1, 1, 1)
        begun = time.perf_counter()
        store.add(Job(f"{number}", "stylization", REQUEST), key=f"{number}", body_hash="a")
        store.claim("short", "worker", 60)
        store.renew(f"{number}", 1, 60, PROGRESS)
        store.succeed(f"{number}", 1, [output], {"seconds": 0.0})
        store.events(f"{number}")
        seconds.append(time.perf_counter() - begun)
    store.close()
    return seconds


async def on_the_way(folder: Path, jobs: int, picture: bytes) -> tuple[float, float, list[float]]:
    """Return the seconds of a job where all are queued, by the clock and by the processor; then
    those of each job where one waits alone.
    """
    store = JobStore(folder / "jobs.sqlite", queue=jobs)
    storage = Storage.open(None, folder / "files")
    assets = Assets(store.database, storage, _inspect, folder / "arriving")
    request = REQUEST
    if picture:
        photo = folder / "photo.jpg"
        photo.write_bytes(picture)
        request = REQUEST | {"content": (await assets.add_file(photo, "", "image/jpeg")).id}
    dispatcher = Dispatcher(store, Nothing(picture), assets, ServerSettings())
    await dispatcher.start()

    async def done(id: str) -> None:
        store.add(Job(id, "stylization", request))
        job = await dispatcher.wait(id, 600)
        assert job is not None and job.state == "succeeded"

    begun, worked = time.perf_counter(), time.process_time()
    await asyncio.gather(*(done(f"all-{number}") for number in range(jobs)))
    together = (time.perf_counter() - begun) / jobs
    work = (time.process_time() - worked) / jobs
    alone = []
    for number in range(jobs // 4):
        begun = time.perf_counter()
        await done(f"alone-{number}")
        alone.append(time.perf_counter() - begun)
    await dispatcher.stop()
    store.close()
    return together, work, alone


async def _inspect(path: Path) -> Mapping[str, Any]:
    return {"media_type": "image/jpeg", "width": 512, "height": 512}


def main() -> None:
    """Print what a job costs, and whether that is little enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=1000, help="jobs of each run")
    jobs = parser.parse_args().jobs
    print(f"What the queue costs a job. {describe_machine()}")
    with tempfile.TemporaryDirectory() as folder:
        each = in_the_table(Path(folder), jobs)
    print(f"In the table: add, claim, progress, end, events  median {_ms(each)}")
    for name, picture in (("a worker that does nothing", b""), ("a picture in and out", PICTURE)):
        with tempfile.TemporaryDirectory() as folder:
            together, work, alone = asyncio.run(on_the_way(Path(folder), jobs, picture))
        print(f"The whole way, {name}")
        print(f"    one at a time     median {_ms(alone)}")
        print(f"    {jobs} at once    {together * 1e3:6.2f} ms a job,", end=" ")
        print(f"{work * 1e3:.2f} ms of a processor")
    print(f"Promised are less than {MOST:.0f} ms a job, without the work and its files.")


def _ms(seconds: list[float]) -> str:
    last = statistics.quantiles(seconds, n=100)[-1]
    return f"{statistics.median(seconds) * 1e3:6.2f} ms, 99 of 100 within {last * 1e3:.2f} ms"


if __name__ == "__main__":
    main()
