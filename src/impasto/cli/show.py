"""What a person sees while work goes on: progress on a terminal, and one line a failure."""

import math
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from typing import TYPE_CHECKING

import typer

from impasto.errors import ImpastoError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from impasto.device.progress import OnProgress
    from impasto.device.progress import Progress as Event


LOG_EVERY = 10.0  # seconds between lines of progress where there is no terminal


class Work:
    """Long work without a bar: results are printed, progress is not."""

    def advance(
        self, done: int, note: str, eta_s: float | None = None, total: int | None = None
    ) -> None:
        """Tell how much is done, of what, the seconds left if known, the total if it changed."""

    def say(self, line: str) -> None:
        """Print a result to stdout."""
        typer.echo(line)

    def remark(self, line: str) -> None:
        """Print what is worth knowing on the way to stderr."""
        typer.echo(line, err=True)


class WorkInLog(Work):
    """Long work whose progress is a plain line on stderr now and then, for logs."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what, self._told = total, what, time.monotonic()

    def advance(
        self, done: int, note: str, eta_s: float | None = None, total: int | None = None
    ) -> None:
        """Print a line, but not too often."""
        self._total = total or self._total
        if time.monotonic() - self._told < LOG_EVERY:
            return
        self._told = time.monotonic()
        left = "" if eta_s is None else f", {duration(eta_s)} left"
        typer.echo(f"{self._what}: {done} of {self._total}{left} ({note})", err=True)


class WorkWithBar(Work):
    """Long work with a bar on stderr; results go around it where both share the terminal."""

    def __init__(self, bar: "Progress", task: "TaskID") -> None:
        self._bar, self._task = bar, task

    def advance(
        self, done: int, note: str, eta_s: float | None = None, total: int | None = None
    ) -> None:
        """Move the bar."""
        left = "" if eta_s is None else f"{duration(eta_s)} left"
        self._bar.update(self._task, completed=done, total=total, note=note, left=left)

    def say(self, line: str) -> None:
        """Print a result above the bar, or to stdout if that leads elsewhere."""
        if sys.stdout.isatty():
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            typer.echo(line)

    def remark(self, line: str) -> None:
        """Print a remark above the bar."""
        self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)


@contextmanager
def progress(total: int, what: str) -> Iterator[Work]:
    """Show a bar with the time left on stderr, or a line now and then if that is no terminal."""
    if total < 2 or not sys.stderr.isatty():
        yield Work() if total < 2 else WorkInLog(total, what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    texts = "{task.description}", "{task.fields[left]}", "{task.fields[note]}"
    what_column, left, note = (TextColumn(text, markup=False) for text in texts)
    columns = what_column, BarColumn(), MofNCompleteColumn(), left, note
    # Without the redirections of rich, which would send results to stderr.
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        yield WorkWithBar(bar, bar.add_task(what, total=total, note="", left=""))


class Shown:
    """Shows the events of one long work, a bar for each kind of them.

    Args:
        titles: what the work is called, by the kind of event.
        note: words about an event, beside the bar.
    """

    def __init__(
        self, stack: ExitStack, titles: Mapping[str, str], note: "Callable[[Event], str]"
    ) -> None:
        self._stack, self._titles, self._note = stack, titles, note
        self._kind, self._work = "", Work()

    def __call__(self, event: "Event") -> None:
        """Show an event; words are a remark above the bar."""
        if event.words:
            self.remark(event.words)
            return
        if event.kind != self._kind:
            self._stack.close()
            self._kind = event.kind
            self._work = self._stack.enter_context(progress(event.total, self._titles[event.kind]))
        self._work.advance(event.step, self._note(event), event.eta_s, event.total)

    def remark(self, line: str) -> None:
        """Print a remark to stderr, above the bar."""
        self._work.remark(line)


@contextmanager
def shown(titles: Mapping[str, str], note: "Callable[[Event], str]") -> Iterator[Shown]:
    """Give what takes the events of one work; its bar is gone at the end."""
    with ExitStack() as stack:
        yield Shown(stack, titles, note)


@contextmanager
def tile_progress(what: str) -> "Iterator[OnProgress]":
    """Give what takes the events of one picture; a bar appears where it has several tiles."""
    with shown({"tile": what}, lambda event: "tiles") as on_progress:
        yield on_progress


def duration(seconds: float) -> str:
    """Return a time in words.

    >>> duration(7384), duration(61), duration(4.2)
    ('2 h 3 min', '1 min 1 s', '4 s')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return lines of cells that stand below each other.

    >>> table([["run", "step"], ["starry.run", "3"]])
    ['run         step', 'starry.run  3']
    """
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ("  ".join(map(str.ljust, row, widths)) for row in rows)
    return [line.rstrip() for line in lines]


def sparkline(values: Sequence[float], width: int = 40) -> str:
    """Return a curve as a word of blocks, each the mean of some values; not a number is a blank.

    >>> sparkline([8, 4, 2, 1]), sparkline([3.0] * 99, 5)
    ('█▄▂▁', '▁▁▁▁▁')
    """
    count = min(width, len(values))
    edges = [len(values) * i // count for i in range(count + 1)]
    means = [sum(values[a:b]) / (b - a) for a, b in pairwise(edges)]
    known = [mean for mean in means if math.isfinite(mean)] or [0.0]
    low, span = min(known), max(known) - min(known) or 1.0
    heights = (round(7 * (m - low) / span) if math.isfinite(m) else None for m in means)
    return "".join(" " if height is None else "▁▂▃▄▅▆▇█"[height] for height in heights)


def error_line(error: BaseException | str) -> None:
    """Print one line of error to stderr, whatever the message holds."""
    typer.echo("impasto: error: " + " ".join(str(error).split()), err=True)


def summarize(failed: dict[str, ImpastoError], total: int) -> None:
    """Print which of many pictures failed and why; leave with the exit code they share, or 1."""
    if not failed:
        return
    error_line(f"{len(failed)} of {total} pictures could not be painted:")
    for name, error in failed.items():
        typer.echo(f"  {name}: {' '.join(str(error).split())}", err=True)
    codes = {error.exit_code for error in failed.values()}
    raise typer.Exit(codes.pop() if len(codes) == 1 else 1)
