"""What a person sees while work goes on: progress on a terminal, and one line a failure."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

from impasto.errors import ImpastoError

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Work:
    """Long work without a bar: results are printed, progress is not."""

    def advance(self, done: int, note: str) -> None:
        """Tell how much is done, and what comes next."""

    def say(self, line: str) -> None:
        """Print a result to stdout."""
        typer.echo(line)


class WorkWithBar(Work):
    """Long work with a bar on stderr; results go around it where both share the terminal."""

    def __init__(self, bar: "Progress", task: "TaskID") -> None:
        self._bar, self._task = bar, task

    def advance(self, done: int, note: str) -> None:
        """Move the bar."""
        self._bar.update(self._task, completed=done, note=note)

    def say(self, line: str) -> None:
        """Print a result above the bar, or to stdout if that leads elsewhere."""
        if sys.stdout.isatty():
            self._bar.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            typer.echo(line)


@contextmanager
def progress(total: int, what: str) -> Iterator[Work]:
    """Show a bar with the time left on stderr, if that is a terminal."""
    if total < 2 or not sys.stderr.isatty():
        yield Work()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    what_column, note = TextColumn("{task.description}"), TextColumn("{task.fields[note]}")
    note.markup = False
    columns = what_column, BarColumn(), MofNCompleteColumn(), TimeLeft(), note
    # Without the redirections of rich, which would send results to stderr.
    with Progress(
        *columns,
        console=Console(stderr=True),
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as bar:
        yield WorkWithBar(bar, bar.add_task(what, total=total, note=""))


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
