"""``impasto models``: list the models that --model knows by name, show cards, keep own ones."""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.show import error_line
from impasto.errors import ModelError

if TYPE_CHECKING:
    from impasto.weights.models import Model

app = typer.Typer(rich_markup_mode=None)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
COLUMNS = ("name", "kind", "styles", "size", "licence")
MANY = 40  # names of styles that are shown


@app.callback(invoke_without_command=True)
def models(context: typer.Context, as_json: Json = False) -> None:
    """List the models that --model knows by name.

    impasto models
    """
    if context.invoked_subcommand is not None:
        return
    rows = [_facts(model) for model in _all_models()]
    if as_json:
        typer.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif sys.stdout.isatty():
        _table(rows)
    else:
        for row in rows:
            typer.echo("\t".join(str(row[column]) for column in COLUMNS))


@app.command()
def show(
    name: Annotated[str, typer.Argument(metavar="MODEL", help="A name, or a model folder.")],
    as_json: Json = False,
) -> None:
    """Show the card of a model: what it paints, how it was made, who may use it."""
    from impasto.weights.models import find_model, open_model

    model = open_model(find_model(name))
    if as_json:
        typer.echo(json.dumps(model.card, indent=2, ensure_ascii=False))
        return
    for key, value in {**_facts(model), **_more(model)}.items():
        if value not in ("", None):
            typer.echo(f"{key.replace('_', ' ') + ':':15}{value}")


@app.command()
def add(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A model folder.")],
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace your own model of that name.")
    ] = False,
) -> None:
    """Keep a copy of a model, so that its name is enough anywhere."""
    from impasto.weights.models import add_model

    typer.echo(str(add_model(folder, overwrite=overwrite)))


@app.command()
def remove(name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Delete the copy of a model that was added."""
    from impasto.weights.models import remove_model

    typer.echo(str(remove_model(name)))


def _all_models() -> "list[Model]":
    """Return every model that can be opened; say of the others why not."""
    from impasto.weights.models import named_models, open_model

    found = []
    for folder in named_models().values():
        try:
            found.append(open_model(folder))
        except ModelError as error:
            error_line(error)
    return found


def _facts(model: "Model") -> dict[str, Any]:
    return {
        "name": model.folder.name,
        "kind": model.kind,
        "styles": len(model.styles) or "any",
        "size": f"{model.size / 1e6:.1f} MB",
        "licence": model.licence,
    }


def _more(model: "Model") -> dict[str, Any]:
    """Return what else a card says, in one line each; the whole is for --json."""
    own = [f"{style.get('name')}" for style in model.styles]
    shown = ", ".join(own[:MANY]) + (f" and {len(own) - MANY} more" if len(own) > MANY else "")
    left_out = ("schema", "kind", "name", "styles", "files", "licence")
    rest = {key: _line(value) for key, value in model.card.items() if key not in left_out}
    return {"folder": model.folder, **({"styles": shown} if own else {}), **rest}


def _line(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_line(one)}" for key, one in value.items())
    if isinstance(value, list):
        return "; ".join(map(_line, value))
    return " ".join(str(value).split())


def _table(rows: Sequence[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, header_style="bold", pad_edge=False)
    for column in COLUMNS:
        table.add_column(column, no_wrap=column != "licence")
    for row in rows:
        table.add_row(*(str(row[column]) for column in COLUMNS))
    Console().print(table)
