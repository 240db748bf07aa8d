"""``impasto train``: train the networks; needs the extra ``train``."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from impasto.cli.extras import needs_extras
from impasto.cli.options import options_of
from impasto.cli.show import progress
from impasto.settings.arbitrary import ArbitrarySettings
from impasto.settings.encoder import EncoderSettings
from impasto.settings.schema import from_texts

if TYPE_CHECKING:
    from impasto.device.progress import Progress

app = typer.Typer(rich_markup_mode=None, no_args_is_help=False)


@app.callback(invoke_without_command=True)
def train(context: typer.Context) -> None:
    """Train a network."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


Output = Annotated[Path, typer.Option("--output", "-o", metavar="RUN", help="The run folder.")]
Resume = Annotated[
    bool, typer.Option("--resume", help="Continue the run; nothing else need be said again.")
]
Settings = TypeVar("Settings", ArbitrarySettings, EncoderSettings)


@app.command()
@options_of(ArbitrarySettings)
def arbitrary(output: Output, typed: Mapping[str, Any], resume: Resume = False) -> None:
    """Train the painter that takes any style.

    impasto train arbitrary --data pictures --teacher vgg19.safetensors -o runs/first
    """
    from_texts(ArbitrarySettings, typed)  # a wrong option is named before torch is loaded
    with needs_extras("Training"):
        from impasto.training.arbitrary import train as train_run
    _train(train_run, ArbitrarySettings, typed, output, resume)


@app.command()
@options_of(EncoderSettings)
def encoder(output: Output, typed: Mapping[str, Any], resume: Resume = False) -> None:
    """Teach the small encoder that optimises pictures to see as VGG-19 does.

    impasto train encoder --data pictures --teacher vgg19.safetensors -o runs/encoder
    """
    from_texts(EncoderSettings, typed)
    with needs_extras("Training"):
        from impasto.training.encoder import train_encoder
    _train(train_encoder, EncoderSettings, typed, output, resume)


def _train(
    run: Callable[..., Path],
    kind: type[Settings],
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
