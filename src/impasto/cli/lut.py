"""``impasto lut``: keep the colors of a painting as a table for grading and video programs."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from impasto.cli.options import ModelOption, options_of
from impasto.errors import OutputError, UsageError
from impasto.settings.schema import from_texts
from impasto.settings.stylize import StylizeSettings

SUFFIX = ".cube"
COLOR_SETTINGS = (
    "style", "strength", "colors", "color_strength", "palette",
    "engine", "device", "threads", "precision", "max_pixels",
)  # fmt: skip


@options_of(StylizeSettings, only=COLOR_SETTINGS)
def lut(
    picture: Annotated[str, typer.Argument(metavar="PICTURE", help="The photo to paint.")],
    typed: Mapping[str, Any],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o",
            help="The .cube file; without it beside the photo, as photo.starry-night.cube.",
            metavar="PATH",
        ),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
    model: ModelOption = None,
) -> None:  # fmt: skip
    """Write what a style does to a photo's colors as a .cube table.

    impasto lut photo.jpg --style starry-night -o grade.cube
    """
    settings = from_texts(StylizeSettings, typed)
    if not settings.style and model is None:
        raise UsageError("Which style? Name one with --style NAME; see them with: impasto styles")
    if settings.colors == "content" and settings.color_strength == 1:
        raise UsageError(
            "With --colors content a painting has the photo's colors: there is nothing to export. "
            "Use --colors style, match or palette."
        )
    from impasto.batch.jobs import label_of
    from impasto.images.places import check_place
    from impasto.images.source import open_picture
    from impasto.methods.colors import grade
    from impasto.methods.stylize import method_of, open_stylizer
    from impasto.weights.files import write_atomically

    photo = Path(picture)
    label = label_of(settings.style or [Path(model or "").resolve().name])
    place = photo.with_name(f"{photo.stem}.{label}{SUFFIX}") if output is None else Path(output)
    if place.suffix.lower() != SUFFIX:
        raise OutputError(
            f'The output "{place}" is no {SUFFIX} file. Name it: {place.stem}{SUFFIX}'
        )
    check_place(place, overwrite)
    source = open_picture(photo, max_pixels=settings.max_pixels)
    stylizer = open_stylizer(settings, model)
    table = grade(method_of(stylizer, settings), source, stylizer.style(settings.style))
    write_atomically(place, table.to_cube(f"{photo.stem} {label}").encode())
    typer.echo(str(place))
