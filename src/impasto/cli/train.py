"""``impasto train``: train the networks; needs the extra ``train``."""

import shlex
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from impasto.cli.extras import check_extra
from impasto.cli.options import options_of
from impasto.cli.search import search_by
from impasto.cli.show import progress, shown
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
@options_of(SearchSettings)
def run(
    recipe: Annotated[Path, typer.Argument(metavar="RECIPE", help="A recipe file, as TOML.")],
    output: Output,
    typed: Mapping[str, Any],
    resume: Resume = False,
) -> None:
    """Train by a recipe file.

    impasto train run recipes/style.toml -o painting.run
    """
    _train_by(read_recipe(recipe), typed, output, resume)


def _train(kind: type[TrainingSettings], typed: Mapping[str, Any], run: Path, resume: bool) -> None:
    before = None
    if resume and (run / "settings.toml").exists():
        before = read_recipe(run / "settings.toml")
        if type(before) is not kind:
            raise UsageError(
                f'"{run}" is a run of another recipe. Continue it with: '
                f"impasto train {name_of(before)} -o {shlex.quote(str(run))} --resume"
            )
    own = {name: value for name, value in typed.items() if name not in SEARCH}
    _train_by(from_texts(kind, own, before), typed, run, resume)


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
    typer.echo(f"{run}")
    typer.echo(
        f"Make a model of it: impasto export {place} -o mine ; "
        "then: impasto stylize photo.jpg --model mine -o out.jpg",
        err=True,
    )


def _note(event: "Progress") -> str:
    names = ("loss", "style", "content")
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

    _train_old(train_encoder, EncoderSettings, typed, output, resume)


def _train_old(
    run: Callable[..., Path],
    kind: type[Any],
    typed: Mapping[str, Any],
    output: Path,
    resume: bool,
) -> None:
    from impasto.training.runs import Run

    before = Run(output).read_settings(kind) if resume else None
    settings = from_texts(kind, typed, before)
    with progress(settings.steps, "Training") as work:

        def on_progress(event: "Progress") -> None:
            note = "  ".join(f"{name} {value:.3f}" for name, value in event.values.items())
            work.advance(event.step, note, event.eta_s)

        run(settings, output, resume=resume, on_progress=on_progress)
    typer.echo(f"{output}")
