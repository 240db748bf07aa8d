"""Optimise a picture from opening to signing: what the command and `impasto.optimize` call."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from impasto.device.progress import OnProgress
from impasto.images.sink import Place
from impasto.images.source import Picture
from impasto.methods.base import Stylizer
from impasto.methods.controls import controlled
from impasto.methods.optimize.stylizer import Optimize
from impasto.methods.work import PictureWork
from impasto.settings.optimize import OptimizeSettings
from impasto.settings.schema import from_mapping, to_mapping
from impasto.styles.style import Style
from impasto.styles.words import Words, words_of

# Of the settings, those that a painting tells.
DISCLOSED = (
    "preset", "strength", "strokes", "seed", "criterion", "content_loss", "encoder", "optimizer",
    "steps", "time", "colors", "color_strength", "palette", "size",
)  # fmt: skip


def optimize(
    picture: Picture,
    style: Words | Style,
    *,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Image.Image:
    """Paint a picture by optimisation and return it as a Pillow image of 8 bits.

    Needs the extra ``train``. Slower than `stylize`, from seconds to minutes, and closer to the
    style (Gatys et al. 2016, with the statistics and the schedule of later work).

    Args:
        picture: as for `stylize`.
        style: a painting's path, a gallery name or a ``.style`` file, each with ``:WEIGHT`` if
            wished; several of them to mix; or a Style.
        on_progress: called after every step with loss and time left; what it raises ends the work.
        options: the fields of `OptimizeSettings`, as ``preset="draft"`` or ``strength=70``.

    Raises:
        ImpastoError: UsageError for style or options, PictureError, ModelError or EngineError,
            each saying what came, what is allowed, what to do next.
    """
    return _work(picture, style, options, on_progress=on_progress).image()


def optimize_file(
    picture: Picture,
    output: Place,
    style: Words | Style,
    *,
    overwrite: bool = False,
    format: str | None = None,
    run: str | Path | None = None,
    resume: bool = False,
    on_progress: OnProgress | None = None,
    on_note: Callable[[str], None] | None = None,
    **options: Any,
) -> None:
    """Paint a picture by optimisation into a file, signed; nothing is left half-written.

    Like `optimize`, and with a run folder the work can be watched, steered and continued.

    Args:
        output: a path, whose suffix names the format, or a file open for writing bytes.
        run: a folder for state, events and preview; it stays.
        resume: continue what that folder holds; without anything there, begin.
        on_note: told in words what was done about trouble.
    """
    work = _work(
        picture, style, options, run=run, resume=resume, on_progress=on_progress, on_note=on_note
    )
    work.write(output, overwrite=overwrite, format=format)


class OptimizeWork(PictureWork):
    """One picture to paint by optimisation."""

    def __init__(self, optimizer: Optimize, picture: Picture, style: Style) -> None:
        settings = optimizer.settings
        super().__init__(optimizer, picture, style, settings, None)
        self.optimizer, self.settings = optimizer, settings
        self.source = optimizer.sized(self.opened)

    def method(self) -> Stylizer:
        """Return the optimisation with its wrappers."""
        settings = self.settings
        return controlled(
            self.optimizer,
            strength=1.0,  # its own strength weighs losses
            colors=settings.colors,
            color_strength=settings.color_strength,
            palette=settings.palette,
        )

    def record(self) -> Mapping[str, object]:
        """Return what the painting discloses: content, style, encoder and settings."""
        return {
            "method": "optimize",
            "model": self.optimizer.encoder.name,
            "encoder_id": self.optimizer.encoder.id,
            **self.common_record(),
            **{k: v for k, v in to_mapping(self.settings).items() if k in DISCLOSED and v != []},
        }


def _work(
    picture: Picture, style: Words | Style, options: Mapping[str, Any], **how: Any
) -> OptimizeWork:
    words = () if isinstance(style, Style) else words_of(style)
    optimizer = Optimize(from_mapping(OptimizeSettings, {"style": words, **options}), **how)
    meant = style if isinstance(style, Style) else optimizer.style(words)
    return OptimizeWork(optimizer, picture, meant)
