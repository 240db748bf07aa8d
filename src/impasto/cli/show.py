"""What a person sees while work goes on: progress on a terminal, and one line a failure."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from impasto.errors import ImpastoError

Advance = Callable[[int, str], None]


@contextmanager
def progress(total: int, what: str) -> Iterator[Advance]:
    """Show a bar and the time left on stderr, if that is a terminal; give ``advance``."""
    if total < 2 or not sys.stderr.isatty():
        yield lambda done, note: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeRemainingColumn as TimeLeft

    texts = TextColumn("{task.description}"), TextColumn("{task.fields[note]}", markup=False)
    console = Console(stderr=True)
    with Progress(
        texts[0], BarColumn(), MofNCompleteColumn(), TimeLeft(), texts[1], console=console,
        transient=True,
    ) as bar:  # fmt: skip
        task = bar.add_task(what, total=total, note="")
        yield lambda done, note: bar.update(task, completed=done, note=note)


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
