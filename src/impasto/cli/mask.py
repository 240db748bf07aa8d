"""``impasto mask``: select a region by pointing, look at it, and keep it as a picture."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.options import options_of
from impasto.errors import UsageError
from impasto.settings.schema import from_texts
from impasto.settings.stylize import StylizeSettings

if TYPE_CHECKING:
    from impasto.images.masks import Mask
    from impasto.images.window import Strip

PREVIEW = 1600  # long side
ROWS = 256  # that are written at once


@options_of(StylizeSettings, only=("select", "feather", "max_pixels"))
def mask(
    picture: Annotated[str, typer.Argument(metavar="PICTURE", help="The photo to select in.")],
    typed: Mapping[str, Any],
    output: Annotated[
        str | None,
        typer.Option(
            "--output", "-o", metavar="PATH",
            help="The mask, white inside; without it beside the photo, as photo.mask.png.",
        ),
    ] = None,
    preview: Annotated[
        str | None,
        typer.Option("--preview", help="Also show the region on the photo.", metavar="PATH"),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace existing files.")] = False,
) -> None:  # fmt: skip
    """Select a region by pointing, and write it as a mask for --region.

    impasto mask photo.jpg --select 120,80 --preview seen.jpg
    """
    settings = from_texts(StylizeSettings, typed)
    if not settings.select:
        raise UsageError("Which region? Point at it: --select X,Y, or box it: --select X,Y,W,H")
    from impasto.images.overlay import overlay
    from impasto.images.samples import to_samples
    from impasto.images.select import parse_place, select
    from impasto.images.sink import create_picture
    from impasto.images.source import open_picture
    from impasto.images.window import Strip, whole

    places = [parse_place(text) for text in settings.select]
    photo = Path(picture)
    place = photo.with_name(f"{photo.stem}.mask.png") if output is None else Path(output)
    check_apart(photo, place, preview)
    source = open_picture(photo, max_pixels=settings.max_pixels)
    size = source.height, source.width
    sink = create_picture(place, *size, overwrite=overwrite)
    shown = source.thumbnail(PREVIEW)
    small = shown.shape[:2]
    view = None if preview is None else create_picture(Path(preview), *small, overwrite=overwrite)

    chosen = select(source, places).feathered(settings.feather)
    sink.write(strips(chosen, *size))
    typer.echo(str(place))
    if view is not None:
        view.write([Strip(to_samples(overlay(shown, chosen.read(whole(*small), *small)), 8))])
        typer.echo(preview)


def check_apart(photo: Path, place: Path, preview: str | None) -> None:
    """Raise UsageError where photo, mask and preview are not files of their own."""
    named = [photo, place, *([] if preview is None else [Path(preview)])]
    if len({os.path.realpath(one) for one in named}) < len(named):
        raise UsageError(
            f'The photo "{photo}", the mask and its preview must be different files. '
            "Choose another --output or --preview."
        )


def strips(mask: "Mask", height: int, width: int) -> Iterator["Strip"]:
    """Yield a mask at a picture's size as grey strips of 8 bits."""
    import numpy as np

    from impasto.images.samples import to_samples
    from impasto.images.window import Strip, Window

    for top in range(0, height, ROWS):
        window = Window(top, 0, min(ROWS, height - top), width)
        grey = to_samples(mask.read(window, height, width), 8)
        yield Strip(np.repeat(grey[..., None], 3, 2))
