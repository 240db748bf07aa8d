"""``impasto stylize``: paint pictures, one load for all of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.options import options_of
from impasto.errors import ImpastoError, OutputExists, UsageError
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
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
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
    paint([Path(picture) for picture in pictures], settings, output, overwrite, model)


def paint(
    pictures: list[Path],
    settings: StylizeSettings,
    output: str | None,
    overwrite: bool,
    model: str | None,
) -> None:
    """Paint every picture that can be painted, then name those that could not."""
    from impasto.batch.jobs import plan
    from impasto.cli.show import progress, summarize
    from impasto.methods.stylize import open_stylizer, stylize_file

    jobs = plan(pictures, settings.style, output)
    if len(jobs) == 1 and jobs[0].output.exists() and not overwrite:
        raise OutputExists(
            f'"{jobs[0].output}" is there already. '
            "Choose another --output, or replace it: --overwrite"
        )
    stylizer = open_stylizer(settings, None if model is None else Path(model))
    style = stylizer.style(settings.style)
    failed: dict[str, ImpastoError] = {}
    with progress(len(jobs), "Painting") as work:
        for done, job in enumerate(jobs):
            work.advance(done, job.picture.name)
            try:
                stylize_file(
                    stylizer, job.picture, job.output, style, settings,
                    overwrite=overwrite, version=__version__,
                )  # fmt: skip
            except ImpastoError as error:
                if len(jobs) == 1:
                    raise
                failed[str(job.picture)] = error
            else:
                work.say(str(job.output))
    summarize(failed, len(jobs))
