"""``impasto stylize``: paint pictures, one load for all of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.batch import Overwrite, ReportPlace, Resume, paint_tasks
from impasto.cli.options import options_of
from impasto.errors import OutputExists, UsageError
from impasto.settings.schema import from_texts
from impasto.settings.stylize import StylizeSettings
from impasto.version import __version__


@options_of(StylizeSettings)
def stylize(
    pictures: Annotated[
        list[str], typer.Argument(metavar="PICTURE", help="Pictures, or folders of pictures.")
    ],
    typed: Mapping[str, Any],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o",
            help="A file for one picture, a folder for many; without it beside each picture, "
            "as photo.starry-night.jpg.",
            metavar="PATH",
        ),
    ] = None,
    overwrite: Overwrite = False,
    resume: Resume = False,
    report: ReportPlace = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="A model folder; without it the shipped one.", metavar="DIR"),
    ] = None,
) -> None:  # fmt: skip
    """Paint pictures in a style.

    impasto stylize photo.jpg --style starry-night
    """
    settings = from_texts(StylizeSettings, typed)
    if not settings.style:
        raise UsageError("Which style? Name one with --style NAME; see them with: impasto styles")
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
    from impasto.batch.jobs import plan
    from impasto.methods.stylize import open_stylizer, stylize_file

    jobs = plan(pictures, settings.style, output)
    single = len(jobs) == 1 and not resume and report is None
    if single and jobs[0].output.exists() and not overwrite:
        raise OutputExists(
            f'"{jobs[0].output}" is there already. '
            "Choose another --output, or replace it: --overwrite"
        )
    stylizer = open_stylizer(settings, None if model is None else Path(model))
    style = stylizer.style(settings.style)
    if not single:
        from impasto.batch.tasks import Task

        tasks = [Task(job.picture, job.output, style, settings) for job in jobs]
        paint_tasks(stylizer, tasks, settings, overwrite=overwrite, resume=resume, report=report)
        return
    stylize_file(
        stylizer, jobs[0].picture, jobs[0].output, style, settings,
        overwrite=overwrite, version=__version__,
    )  # fmt: skip
    typer.echo(str(jobs[0].output))
