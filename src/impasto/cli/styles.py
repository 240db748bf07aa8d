"""``impasto styles``: list the gallery, show a style, add and remove own ones."""

import contextlib
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from impasto.cli.extras import needs_extras
from impasto.errors import MissingExtra, ModelError, UsageError

if TYPE_CHECKING:
    from impasto.images.source import Source
    from impasto.provenance.cards import StyleCard
    from impasto.styles.moments import StyleMoments
    from impasto.styles.style import Style

app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
def styles(
    context: typer.Context,
    images: Annotated[
        Path | None,
        typer.Option("--images", metavar="FILE", help="Also write a picture of all styles."),
    ] = None,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the picture.")] = False,
) -> None:
    """List the styles that --style knows by name."""
    if context.invoked_subcommand is not None:
        return
    from impasto.styles import gallery

    if images is not None:
        from impasto.styles.sheet import write_sheet

        write_sheet(images, overwrite=overwrite)
        typer.echo(str(images))
    elif sys.stdout.isatty():
        _table(gallery.styles())
    else:
        for style in gallery.styles():
            typer.echo("\t".join([style.name, *_facts(style.card)]))


@app.command()
def show(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Show what is known about a style."""
    from impasto.styles.gallery import find

    style = find(name)
    card = style.card
    died = "" if card.artist_died is None else f"died {card.artist_died}"
    lines = {
        "name": card.name,
        "title": card.title,
        "artist": ", ".join(filter(None, [card.artist, died])),
        "tradition": card.tradition,
        "school": card.school,
        "year": card.year,
        "medium": card.medium,
        "collection": card.collection,
        "licence": card.licence,
        "source": card.source,
        "palette": "  ".join(f"{color} {share:.0%}" for color, share in card.palette),
        "encoder": style.encoder_id[:12],
        "moments": _sizes(style.moments),
        **{key: str(value) for key, value in card.extra.items()},
    }
    for key, value in lines.items():
        if value:
            typer.echo(f"{key + ':':12}{value}")


@app.command()
def add(
    painting: Annotated[str, typer.Argument(metavar="PAINTING", help="A picture of a painting.")],
    name: Annotated[str, typer.Option("--name", help="What to call it, as in my-style.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace your own style of that name.")
    ] = False,
) -> None:
    """Keep the style of a painting under a name of its own.

    For `impasto optimize` its moments are kept too, where torch is installed.
    """
    from impasto.methods.fast import FastStylizer
    from impasto.provenance.cards import StyleCard
    from impasto.styles import gallery

    try:
        StyleCard(name)  # refused before the network is loaded
    except ModelError as error:
        raise UsageError(str(error)) from error
    style = FastStylizer.open().style_of(painting, name)
    with contextlib.suppress(MissingExtra):  # painting needs no moments
        style = replace(style, moments=_moments(style.painting))
    typer.echo(str(gallery.add(style, overwrite=overwrite)))


@app.command()
def remove(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Forget one of your own styles."""
    from impasto.styles import gallery

    typer.echo(str(gallery.remove(name)))


def _moments(painting: "Source | None") -> "StyleMoments | None":
    with needs_extras("Taking moments"):
        from impasto.features.registry import open_encoder
        from impasto.methods.optimize.moments import moments_of
    return None if painting is None else moments_of(painting, open_encoder())


def _sizes(moments: "StyleMoments | None") -> str:
    if moments is None:
        return "none: to optimise in this style, give its painting"
    sizes = ", ".join(str(size) for size in sorted(moments.sizes))
    return f"at {sizes} pixels, encoder {moments.encoder_id[:12]}"


def _facts(card: "StyleCard") -> list[str]:
    return [card.title, card.artist or card.tradition, card.year]


def _table(styles: "list[Style]") -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    table.add_column(
        "style", no_wrap=True, min_width=max((len(one.name) for one in styles), default=0)
    )
    table.add_column("palette", no_wrap=True, min_width=12)
    for heading, share in (("title", 4), ("by", 4), ("year", 3)):
        table.add_column(heading, no_wrap=True, ratio=share)
    for style in styles:
        colors = Text.assemble(*[("  ", f"on {color}") for color, _ in style.card.palette[:6]])
        table.add_row(Text(style.name), colors, *map(Text, _facts(style.card)))
    Console().print(table)
