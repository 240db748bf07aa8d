"""Whether several pictures are painted faster in one call of the network than one by one.

The second table tells how many worker processes, of how many threads each, paint most. Both count
processor time too, which other programs of the machine change little.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import numpy as np

from benchmarks.machine import describe_machine, options, photo
from impasto.engines.base import Engine
from impasto.engines.registry import open_engine
from impasto.errors import ImpastoError
from impasto.serving.workers.base import Task
from impasto.serving.workers.pool import ProcessExecutor
from impasto.settings.server import ServerSettings
from impasto.styles.gallery import find, names
from impasto.weights.files import sha256_of
from impasto.weights.models import open_model

SIDE = 512
BATCHES = (2, 4, 8)
SHARES = ((1, 1), (1, 2), (2, 1), (2, 2))  # workers, and threads of each
PICTURES = 16  # of a round, each in another style


def works(model: Path, engine: Engine, batch: int) -> dict[str, Callable[[], None]]:
    """Return how a batch is painted: one by one, and together; the same pictures and styles."""
    folder = open_model(model)
    prepare, paint = engine.load(folder.prepare), engine.load(folder.paint)
    pictures = np.random.default_rng(0).random((batch, 3, SIDE, SIDE), np.float32)
    vectors = np.stack([find(name).vector for name in names()[:batch]])

    def together(start: int, end: int) -> None:
        part, styles = pictures[start:end], vectors[start:end]
        measured = prepare.run({"thumbnail": part, "vector": styles})["statistics"]
        paint.run({"window": part, "statistics": measured})

    def single() -> None:
        for number in range(batch):
            together(number, number + 1)

    return {"single": single, "together": lambda: together(0, batch)}


def processor_time(work: Callable[[], None], rounds: int) -> float:
    """Return the least processor time of a work, in milliseconds."""
    seconds = []
    for _ in range(rounds):
        begun = time.process_time()
        work()
        seconds.append(time.process_time() - begun)
    return min(seconds) * 1e3


def batches(model: Path, rounds: int) -> Iterator[str]:
    """Give a line for each engine, precision, number of threads and of pictures."""
    for name, precision, threads in (
        ("openvino", "f32", 1),
        ("openvino", "f32", 2),
        ("openvino", "bf16", 1),
        ("openvino", "bf16", 2),
        ("torch", "f32", 2),
    ):
        for batch in BATCHES:
            try:
                engine = open_engine(name, threads=threads, precision=precision)
            except ImpastoError as error:
                yield f"{name} {precision}: {error}"
                break
            both = works(model, engine, batch)
            single, together = (processor_time(both[k], rounds) / batch for k in both)
            yield (
                f"{name:9}{precision:5}{threads} threads   {batch} pictures, a picture:   "
                f"single {single:6.1f} ms   together {together:6.1f} ms   "
                f"{single / together:4.2f} times as fast"
            )


async def paint_all(executor: ProcessExecutor, tasks: Iterator[Task]) -> tuple[float, float]:
    """Paint pictures until there are enough; return pictures a second, and ms of the processor."""
    left, before = count(1), used_by(executor)

    async def worker() -> None:
        while next(left) <= PICTURES:
            await executor.run(next(tasks), lambda event: None)

    begun = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(executor.free("short"))))
    pace = PICTURES / (time.perf_counter() - begun)
    return pace, (used_by(executor) - before) / PICTURES * 1e3


def used_by(executor: ProcessExecutor) -> float:
    """Return the seconds that worker processes have computed."""
    ticks = 0
    for process in executor.processes():
        fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


async def shares(
    content: Path, folder: Path, rounds: int
) -> dict[tuple[int, int], list[tuple[float, float]]]:
    """Return the paces of every share of the cores, taken in turns."""
    id = sha256_of(content)
    executors = {
        share: ProcessExecutor(ServerSettings(workers=share[0], threads=share[1]))
        for share in SHARES
    }
    found: dict[tuple[int, int], list[tuple[float, float]]] = {share: [] for share in SHARES}
    for executor in executors.values():
        await executor.start()
    styles = names()
    tasks = (
        Task(str(i), "stylization", {"content": id, "style": styles[i % len(styles)]},
             {id: content}, folder / str(i % 8))
        for i in count()
    )  # fmt: skip
    for number in range(rounds + 1):
        for share, executor in executors.items():
            pace = await paint_all(executor, tasks)
            if number:  # the first round warms them
                found[share].append(pace)
    for executor in executors.values():
        await executor.stop()
    return found


def main() -> None:
    """Print both tables."""
    chosen = options(__doc__ or "", 7).parse_args()
    print(describe_machine())
    for line in batches(chosen.model, chosen.rounds):
        print(line)
    with photo(SIDE, SIDE) as content, tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(shares(content, Path(folder), chosen.rounds))
    for (workers, threads), paces in found.items():
        pace = statistics.median(pace for pace, _ in paces)
        used = min(used for _, used in paces)
        print(
            f"{workers} workers of {threads} threads   {pace:5.2f} pictures a second   "
            f"{used:6.1f} ms of the processor each"
        )


if __name__ == "__main__":
    main()
