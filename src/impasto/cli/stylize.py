"""``impasto stylize``: paint pictures, one load for all of them."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, BinaryIO, TextIO

import typer

from impasto.cli.batch import Overwrite, ReportPlace, Resume, paint_tasks
from impasto.cli.options import ModelOption, options_of
from impasto.cli.show import tile_progress
from impasto.errors import OutputExists, UsageError
from impasto.settings.schema import from_texts
from impasto.settings.stylize import StylizeSettings

if TYPE_CHECKING:
    from impasto.images.sink import Place
    from impasto.images.source import Picture
    from impasto.methods.fast import FastStylizer
    from impasto.styles.style import Style

PIPE = "-"


@options_of(StylizeSettings)
def stylize(
    pictures: Annotated[
        list[str], typer.Argument(metavar="PICTURE", help="Pictures, folders, or - for a pipe.")
    ],
    typed: Mapping[str, Any],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o",
            help="A file for one picture, a folder for many; without it beside each picture, "
            "as photo.starry-night.jpg; - is a pipe.",
            metavar="PATH",
        ),
    ] = None,
    overwrite: Overwrite = False,
    resume: Resume = False,
    report: ReportPlace = None,
    format: Annotated[
        str | None,
        typer.Option(
            "--format", help="Of a picture written to a pipe.  [default: png]", metavar="SUFFIX"
        ),
    ] = None,
    model: ModelOption = None,
) -> None:  # fmt: skip
    """Paint pictures in a style.

    impasto stylize photo.jpg --style starry-night
    """
    settings = from_texts(StylizeSettings, typed)
    if not settings.style and model is None:
        raise UsageError("Which style? Name one with --style NAME; see them with: impasto styles")
    if PIPE in pictures or output == PIPE:
        if len(pictures) > 1 or resume or report is not None:
            raise UsageError(f"With {PIPE}, a pipe, name one picture, no --resume and no --report.")
        paint_piped(pictures[0], settings, output or PIPE, format, overwrite, model)
        return
    if format is not None:
        raise UsageError("--format is for pipes: -o - ; the suffix of --output names it elsewhere.")
    paint([Path(one) for one in pictures], settings, output, overwrite, resume, report, model)


def paint(
    pictures: list[Path],
    settings: StylizeSettings,
    output: str | None,
    overwrite: bool,
    resume: bool,
    report: Path | None,
    model: str | None,
) -> None:
    """Paint one picture, or every one of many that can be painted, then name the others."""
    from impasto.batch.finished import sweep
    from impasto.batch.jobs import plan
    from impasto.methods.stylize import open_stylizer

    # A model of one style needs no --style; its paintings are called by the model.
    label = settings.style or [Path(model or "").resolve().name]
    jobs = plan(pictures, label, output)
    single = len(jobs) == 1 and not resume and report is None
    if single and os.path.lexists(jobs[0].output) and not overwrite:
        raise OutputExists(
            f'"{jobs[0].output}" is there already. '
            "Choose another --output, or replace it: --overwrite"
        )
    stylizer = open_stylizer(settings, model)
    style = stylizer.style(settings.style)
    if single:
        job = jobs[0]
        sweep([job.output])
        paint_one(stylizer, job.picture, job.output, style, settings, overwrite=overwrite)
        typer.echo(str(job.output))
        return
    from impasto.batch.tasks import Task

    tasks = [Task(job.picture, job.output, style, settings) for job in jobs]
    paint_tasks(stylizer, tasks, settings, overwrite=overwrite, resume=resume, report=report)


def paint_piped(
    picture: str,
    settings: StylizeSettings,
    output: str,
    format: str | None,
    overwrite: bool,
    model: str | None,
) -> None:
    """Paint from standard input, or to standard output, or both; nothing else is printed there."""
    from impasto.methods.stylize import open_stylizer

    content = pipe(sys.stdin, "input") if picture == PIPE else Path(picture)
    place = pipe(sys.stdout, "output") if output == PIPE else Path(output)
    if output == PIPE:
        format = format or "png"
        if sys.stdout.isatty():
            raise UsageError("A picture is not written to a terminal. Redirect it: > painted.png")
    stylizer = open_stylizer(settings, model)
    style = stylizer.style(settings.style)
    paint_one(stylizer, content, place, style, settings, overwrite=overwrite, format=format)
    if output != PIPE:
        typer.echo(output)


def pipe(stream: TextIO | None, name: str) -> BinaryIO:
    """Return the bytes of a standard stream; raise UsageError where the caller closed it."""
    if stream is None:
        raise UsageError(f"The standard {name} is closed. Name a file instead of {PIPE}.")
    return stream.buffer


def paint_one(
    stylizer: "FastStylizer",
    picture: "Picture",
    output: "Place",
    style: "Style",
    settings: StylizeSettings,
    *,
    overwrite: bool,
    format: str | None = None,
) -> None:
    """Paint one picture; a large one shows its progress."""
    from impasto.methods.stylize import Work

    with tile_progress("Painting") as on_progress:
        work = Work(stylizer, picture, style, settings)
        work.write(output, overwrite=overwrite, format=format, on_progress=on_progress)
