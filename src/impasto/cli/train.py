"""``impasto train``: train the networks; needs the extra ``train``."""

import os
import shlex
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.extras import check_extra
from impasto.cli.options import options_of
from impasto.cli.search import search_by
from impasto.cli.show import shown
from impasto.cli.stopping import stopping
from impasto.errors import Interrupted, UsageError
from impasto.settings.encoder import EncoderSettings
from impasto.settings.recipe_files import read_recipe
from impasto.settings.recipes import (
    ArbitrarySettings,
    PersonalSettings,
    StyleSettings,
    StylesSettings,
    name_of,
)
from impasto.settings.schema import from_texts
from impasto.settings.search import SearchSettings
from impasto.settings.training import TrainingSettings

if TYPE_CHECKING:
    from impasto.device.progress import Progress

app = typer.Typer(rich_markup_mode=None, no_args_is_help=False)
SEARCH = tuple(field.name for field in fields(SearchSettings))


@app.callback(invoke_without_command=True)
def train(context: typer.Context) -> None:
    """Train a network of your own."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


Output = Annotated[Path, typer.Option("--output", "-o", metavar="RUN", help="The run folder.")]
Resume = Annotated[
    bool, typer.Option("--resume", help="Continue the run; nothing else need be said again.")
]


def all_but(kind: type, *names: str) -> list[str]:
    """Return the names of settings that are options, where some are arguments."""
    return [field.name for field in fields(kind) if field.name not in names]


@app.command()
@options_of(StyleSettings, SearchSettings, only=all_but(StyleSettings, "painting"))
def style(
    output: Output,
    typed: Mapping[str, Any],
    painting: Annotated[
        str | None, typer.Argument(metavar="PAINTING", help="The painting to learn.")
    ] = None,
    resume: Resume = False,
) -> None:
    """Train a small network for one painting.

    impasto train style painting.jpg --data photos -o painting.run
    """
    _train(StyleSettings, {**typed, "painting": painting}, output, resume)


@app.command()
@options_of(StylesSettings, SearchSettings, only=all_but(StylesSettings, "paintings"))
def styles(
    output: Output,
    typed: Mapping[str, Any],
    paintings: Annotated[
        list[str] | None,
        typer.Argument(metavar="PAINTINGS", help="Paintings, folders of them, gallery names."),
    ] = None,
    resume: Resume = False,
) -> None:
    """Train one network for many paintings, which it can mix; or teach a model new ones.

    impasto train styles paintings --data photos -o pack.run
    """
    _train(StylesSettings, {**typed, "paintings": paintings or None}, output, resume)


@app.command()
@options_of(ArbitrarySettings, SearchSettings)
def arbitrary(output: Output, typed: Mapping[str, Any], resume: Resume = False) -> None:
    """Train the painter that takes any style.

    impasto train arbitrary --data photos --styles paintings -o painter.run
    """
    _train(ArbitrarySettings, typed, output, resume)


@app.command()
@options_of(PersonalSettings, SearchSettings, only=all_but(PersonalSettings, "pictures"))
def personal(
    output: Output,
    typed: Mapping[str, Any],
    pictures: Annotated[
        str | None, typer.Argument(metavar="PICTURES", help="A folder with pictures of the look.")
    ] = None,
    resume: Resume = False,
) -> None:
    """Tune the painter to the pictures of one artist or brand.

    impasto train personal brand-pictures -o brand.run
    """
    _train(PersonalSettings, {**typed, "pictures": pictures}, output, resume)


@app.command()
@options_of(TrainingSettings, SearchSettings)
def run(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A recipe file, as TOML.")],
    output: Output,
    typed: Mapping[str, Any],
    resume: Resume = False,
) -> None:
    """Train by a recipe file; what is typed beside it wins.

    impasto train run recipes/style.toml -o painting.run --budget 15m
    """
    settings = read_recipe(recipe)
    _train_by(from_texts(type(settings), _own(typed), settings), typed, output, resume)


def _train(kind: type[TrainingSettings], typed: Mapping[str, Any], run: Path, resume: bool) -> None:
    before = None
    if resume and (run / "settings.toml").exists():
        before = read_recipe(run / "settings.toml")
        if type(before) is not kind:
            raise UsageError(
                f'"{run}" is a run of another recipe. Continue it with: '
                f"impasto train {name_of(before)} -o {shlex.quote(str(run))} --resume"
            )
    _train_by(from_texts(kind, _own(typed), before), typed, run, resume)


def _own(typed: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in typed.items() if name not in SEARCH}


def _train_by(
    settings: TrainingSettings, typed: Mapping[str, Any], run: Path, resume: bool
) -> None:
    check_extra("Training", "torch")
    how = from_texts(SearchSettings, {name: typed[name] for name in SEARCH})
    if how.search is not None or how.search_over:
        search_by(settings, how, run, resume)
        return
    from impasto.training.train import train as train_run

    place = shlex.quote(str(run))
    try:
        with shown({"train": "Training"}, _note) as show, stopping(show) as on_progress:
            train_run(settings, run, resume=resume, on_progress=on_progress)
    except Interrupted as error:
        again = f"impasto train {name_of(settings)} -o {place} --resume"
        raise Interrupted(f"{error}; continue with: {again}") from error
    if os.environ.get("RANK", "0") == "0":  # the others that torchrun started say nothing
        typer.echo(f"{run}")
        typer.echo(_what_next(settings, run), err=True)


def _what_next(settings: TrainingSettings, run: Path) -> str:
    """Say how a model is made of a run and tried."""
    model = shlex.quote(str(run.with_suffix("")) if run.suffix == ".run" else f"{run}-model")
    style = "" if isinstance(settings, StyleSettings) else " --style NAME"
    if isinstance(settings, ArbitrarySettings | PersonalSettings):
        style = " --style painting.jpg"
    return (
        f"Make a model of it: impasto export {shlex.quote(str(run))} -o {model}\n"
        f"Then paint: impasto stylize photo.jpg --model {model}{style} -o out.jpg"
    )


def _note(event: "Progress") -> str:
    names = ("loss", "style", "content", "features", "moments")
    return "  ".join(f"{name} {event.values[name]:.3f}" for name in names if name in event.values)


@app.command()
@options_of(EncoderSettings)
def encoder(output: Output, typed: Mapping[str, Any], resume: Resume = False) -> None:
    """Teach the small encoder that optimises pictures to see as VGG-19 does.

    impasto train encoder --data pictures --teacher vgg19.safetensors -o runs/encoder
    """
    from_texts(EncoderSettings, typed)
    check_extra("Training", "torch")
    from impasto.training.encoder import train_encoder

    before = None
    if resume:
        from impasto.training.runs import Run

        before = Run(output).read_settings(EncoderSettings)
    with shown({"train": "Training"}, _note) as show, stopping(show) as on_progress:
        train_encoder(
            from_texts(EncoderSettings, typed, before),
            output,
            resume=resume,
            on_progress=on_progress,
        )
    typer.echo(f"{output}")
