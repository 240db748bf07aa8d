"""``impasto evaluate``: measure models and write a report; needs the extra ``train``."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.extras import check_extra
from impasto.cli.options import options_of
from impasto.cli.show import shown
from impasto.errors import Interrupted, UsageError
from impasto.settings.evaluate import EvaluateSettings
from impasto.settings.schema import from_texts

if TYPE_CHECKING:
    from impasto.device.progress import Progress

app = typer.Typer(rich_markup_mode=None, no_args_is_help=False)

TITLES = {
    "download": "Downloading",
    "open": "Opening pictures",
    "pair": "Painting and measuring",
    "set": "Comparing sets",
}
NOTES = {"download": "bytes of the encoder", "open": "pictures", "pair": "pairs", "set": "pairs"}
SHOWN = (
    "style",
    "style_half",
    "content",
    "style_paper",
    "content_paper",
    "ssim",
    "lpips",
    "art_fid",
)


@app.callback(invoke_without_command=True)
def evaluate(context: typer.Context) -> None:
    """Measure how good models are."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
@options_of(EvaluateSettings)
def images(
    content: Annotated[
        list[Path],
        typer.Option("--content", help="A folder of photos, or a photo.", metavar="PATH"),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The folder of the report.", metavar="FOLDER")
    ],
    typed: Mapping[str, Any],
    models: Annotated[
        list[str] | None,
        typer.Option("--models", help="Model folders or names, one or more.", metavar="MODEL..."),
    ] = None,
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[MODEL]...", help="More models.")
    ] = None,
    styles: Annotated[
        list[Path] | None,
        typer.Option(
            "--styles",
            help="A folder of paintings, or a painting. Models of their own styles are compared "
            "with the paintings of the same names.",
            metavar="PATH",
        ),
    ] = None,
) -> None:  # fmt: skip
    """Paint photos by models, measure the paintings, and write one HTML report.

    impasto evaluate images --models painter --content photos --styles paintings -o report
    """
    settings = from_texts(EvaluateSettings, typed)
    check_extra("Evaluation", "torch")
    words = [*(models or ()), *(more or ())]  # a list after --models, as people type it
    photos, paintings = list(_pictures(content, "--content")), list(_pictures(styles, "--styles"))
    from impasto.evaluation.images import evaluate_images

    try:
        with shown(TITLES, _note) as show:
            outcome = evaluate_images(words, photos, paintings, output, settings, show)
    except KeyboardInterrupt as error:
        raise Interrupted("stopped; the same command continues") from error
    for reason in outcome.left_out:
        typer.echo(f"impasto: left out: {reason}", err=True)
    for line in _table(outcome.rows):
        typer.echo(line)
    typer.echo(str(outcome.page))


def _pictures(paths: list[Path] | None, flag: str) -> Iterator[Path]:
    """Give the pictures of folders, and those that are named themselves."""
    from impasto.batch.folders import pictures_in

    for path in paths or ():
        if path.is_dir():
            found = list(pictures_in(path))
            if not found:
                raise UsageError(f'There is no picture in the folder "{path}". See {flag}.')
            yield from found
        elif path.exists():
            yield path
        else:
            raise UsageError(f'{flag}: there is no "{path}". Give a folder of pictures.')


def _table(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Give the lines of a table of the means that matter most."""
    keys = [key for key in SHOWN if any(key in row["values"] for row in rows)]
    cells = [["", "pairs", *(key.replace("_", " ") for key in keys)]]
    for row in rows:
        means = [row["values"].get(key, {}).get("mean") for key in keys]
        told = ["-" if mean is None else f"{mean:.3f}" for mean in means]
        cells.append([row["name"], str(row["n"]), *told])
    widths = [max(len(line[column]) for line in cells) for column in range(len(cells[0]))]
    for name, *numbers in cells:
        right = (text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))
        yield "  ".join([name.ljust(widths[0]), *right]).rstrip()


def _note(event: "Progress") -> str:
    return NOTES[event.kind]
