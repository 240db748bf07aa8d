"""``impasto export``: make a model folder of a training run; needs the extra ``train``."""

from pathlib import Path
from typing import Annotated

import typer

from impasto.cli.extras import needs_extras


def export(
    run: Annotated[
        Path,
        typer.Argument(metavar="RUN", help="The folder of a training run, or of a model."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="MODEL", help="The model folder to write.")
    ],
    card: Annotated[
        Path | None,
        typer.Option("--card", metavar="TOML", help="What else the model card should say."),
    ] = None,
) -> None:
    """Make a model folder of a training run; of a model, make its graphs anew.

    impasto export runs/first -o models/first
    """
    with needs_extras("Exporting a network"):
        from impasto.compress.export import export as export_run

    typer.echo(str(export_run(run, output, card)))
