"""Paint many pictures, several at once: one is decoded or encoded while another is painted."""

import os
import threading
import time
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait

from impasto.batch.finished import is_finished, sweep
from impasto.batch.tasks import Result, Status, Task
from impasto.device.processor import usable_cores
from impasto.device.progress import Progress
from impasto.errors import ImpastoError, Interrupted, OutputExists, PictureError
from impasto.images.header import size_of
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import Work

LISTEN = 0.2  # seconds between two looks whether the user wants to stop


def paint(
    stylizer: FastStylizer,
    tasks: Sequence[Task],
    *,
    workers: int = 0,
    overwrite: bool = False,
    resume: bool = False,
) -> Generator[Result]:
    """Paint every task that can be painted and give what came of each, as they end.

    A painter takes every core and paints one picture at a time; workers are threads that open and
    write others meanwhile, so as many pictures are in memory as there are workers. Closing the
    iterator, or an interrupt, lets nothing begin any more and waits for the tiles being painted.

    Args:
        workers: 0 takes what pays off.
        overwrite: replace outputs that are there.
        resume: skip outputs that were painted from the same photo, style, settings and model.
    """
    sweep(task.output for task in tasks)
    stop = threading.Event()

    def work(task: Task) -> Result:
        return _result(stylizer, task, stop, overwrite=overwrite, resume=resume)

    count = workers or best_workers()
    running: set[Future[Result]] = set()
    with ThreadPoolExecutor(count, thread_name_prefix="impasto") as pool:
        try:
            for task in tasks:
                if len(running) > count:  # one more than are at work, so that none waits
                    done, running = _some(running)
                    yield from (future.result() for future in done)
                running.add(pool.submit(work, task))
            while running:
                done, running = _some(running)
                yield from (future.result() for future in done)
        finally:
            stop.set()
            for future in running:
                future.cancel()


def best_workers() -> int:
    """Return how many pictures at once pay off: opening and writing take less than painting."""
    return min(4, usable_cores())


def _some(running: set[Future[Result]]) -> tuple[set[Future[Result]], set[Future[Result]]]:
    """Wait until something is done; in short turns, or Windows would not hear Ctrl-C."""
    while True:
        done, left = wait(running, LISTEN, FIRST_COMPLETED)
        if done:
            return done, left


def _result(
    stylizer: FastStylizer, task: Task, stop: threading.Event, *, overwrite: bool, resume: bool
) -> Result:
    begun = time.perf_counter()

    def result(status: Status, error: ImpastoError | None = None) -> Result:
        size = None if error else _size(task)
        return Result(task, status, time.perf_counter() - begun, size, error)

    def go_on(_: Progress | None = None) -> None:
        if stop.is_set():
            raise Interrupted("The work was stopped.")

    go_on()
    try:
        if resume and is_finished(task, stylizer):
            return result("skipped")
        _check_vacant(task, overwrite, resume)
        _check_size(task)
        one = Work(stylizer, task.picture, task.style, task.settings)
        one.write(task.output, overwrite=overwrite, on_progress=go_on)
        return result("painted")
    except Interrupted:
        raise
    except ImpastoError as error:
        return result("failed", error)
    except Exception as error:  # ours to mend, but the other pictures are painted all the same
        bug = ImpastoError(f"This is a bug in Impasto: {type(error).__name__}: {error}.")
        bug.__cause__ = error
        return result("failed", bug)


def _check_vacant(task: Task, overwrite: bool, resume: bool) -> None:
    """Refuse an output that is there already, before its photo is decoded."""
    if overwrite or not os.path.lexists(task.output):
        return
    if resume:
        raise OutputExists(
            f'"{task.output}" is there already, but was not painted from this photo with this '
            "style and these settings. Paint it again: --resume --overwrite"
        )
    raise OutputExists(
        f'"{task.output}" is there already. Choose another --output, skip what is finished: '
        "--resume, or replace it: --overwrite"
    )


def _check_size(task: Task) -> None:
    if task.expected is None:
        return
    found = size_of(task.picture, task.settings.max_pixels)
    if found != task.expected:
        (height, width), (labels_height, labels_width) = found, task.expected
        raise PictureError(
            f'"{task.picture}" is {width} x {height} pixels when it stands upright, its labels '
            f"are of {labels_width} x {labels_height}. Turn its pixels as its EXIF orientation "
            "says, or correct the labels."
        )


def _size(task: Task) -> tuple[int, int] | None:
    side = task.settings.size or 0
    try:
        return size_of(task.output, max(task.settings.max_pixels, side * side))
    except PictureError:  # a format of its own, or moved away meanwhile
        return None
