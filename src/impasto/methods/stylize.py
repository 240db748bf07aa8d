"""Paint a picture from opening to signing: what the command and `impasto.stylize` call."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from impasto.device.progress import OnProgress
from impasto.images.samples import Samples
from impasto.images.sink import Place
from impasto.images.source import Picture
from impasto.methods.base import Stylizer
from impasto.methods.controls import controlled
from impasto.methods.fast import SHIPPED, FastStylizer
from impasto.methods.paint import painted_whole
from impasto.methods.strokes import Strokes
from impasto.methods.work import PictureWork
from impasto.settings.schema import from_mapping, to_mapping
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style
from impasto.styles.words import Words, words_of
from impasto.weights.model_cards import CARD
from impasto.weights.models import find_model

StyleLike = Words | Style
ModelLike = str | Path | None

# Of the settings, those that a painting tells.
DISCLOSED = ("strength", "strokes", "colors", "color_strength", "palette", "size")


def stylize(
    picture: Picture,
    style: StyleLike = (),
    *,
    model: ModelLike = None,
    stylizer: FastStylizer | None = None,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Image.Image:
    """Paint a picture and return it as a Pillow image of 8 bits: RGB, or RGBA if it has alpha.

    Args:
        picture: a path, the bytes of a file, an open binary file, a Pillow image, or an array:
            uint8, uint16 or float in [0, 1], H W (grey), H W 3 (RGB) or H W 4 (RGB and alpha).
        style: a gallery name, a painting's path or a ``.style`` file, each with ``:WEIGHT`` if
            wished; several of them to mix; or a Style. With a model of its own styles their names,
            or nothing where it has only one.
        model: a model folder, or the name of a model; by default the painter.
        stylizer: a stylizer opened before, whose model and engine then count; by default one for
            the given model and engine options is opened and kept for the next call.
        on_progress: called after each tile with a `Progress`; what it raises ends the work.
        options: the fields of `StylizeSettings`, as ``strength=0.8`` or ``colors="content"``.

    Raises:
        ImpastoError: UsageError for style or options, PictureError, ModelError or EngineError,
            each saying what came, what is allowed, what to do next.
    """
    work = _work(picture, style, model, stylizer, options)
    return work.image(on_progress)


def stylize_array(
    picture: Picture,
    style: StyleLike = (),
    *,
    model: ModelLike = None,
    stylizer: FastStylizer | None = None,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Samples:
    """Paint a picture and return it as an array H W 3, or H W 4 where the picture has alpha.

    Like `stylize`, but at the depth of the picture, or of the option ``depth``: uint8 or uint16.
    Arrays of floats count as 8 bits.
    """
    work = _work(picture, style, model, stylizer, options)
    return painted_whole(work.painter(), work.depth, on_progress)


def stylize_file(
    picture: Picture,
    output: Place,
    style: StyleLike = (),
    *,
    model: ModelLike = None,
    stylizer: FastStylizer | None = None,
    overwrite: bool = False,
    format: str | None = None,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> None:
    """Paint a picture into a file, signed as a painting; nothing is left half-written.

    Like `stylize`, but the picture is never in memory whole where source and format allow it.

    Args:
        output: a path, whose suffix names the format, or a file open for writing bytes.
        overwrite: replace a file that is there.
        format: a suffix such as ``png``, needed for an open file.
        on_progress: called after each tile; what it raises ends the work without a trace.

    Raises:
        ImpastoError: as `stylize`, and OutputError where the file cannot be written, OutputExists
            where it is there already.
    """
    work = _work(picture, style, model, stylizer, options)
    work.write(output, overwrite=overwrite, format=format, on_progress=on_progress)


class Work(PictureWork):
    """One picture to paint by the fast method."""

    def __init__(
        self, stylizer: FastStylizer, picture: Picture, style: Style, settings: StylizeSettings
    ) -> None:
        super().__init__(stylizer, picture, style, settings, settings.size)
        self.stylizer, self.settings = stylizer, settings

    def method(self) -> Stylizer:
        """Return the painter with its wrappers."""
        return method_of(self.stylizer, self.settings)

    def record(self) -> Mapping[str, object]:
        """Return what the painting discloses: content, style, model and settings."""
        return {
            "method": "fast",
            "model": self.stylizer.model.name,
            "model_sha256": self.stylizer.model.sha256,
            "model_licence": self.stylizer.model.licence,
            "encoder_id": self.stylizer.encoder_id,
            **self.common_record(),
            **{k: v for k, v in to_mapping(self.settings).items() if k in DISCLOSED},
        }


def _work(
    picture: Picture,
    style: StyleLike,
    model: ModelLike,
    stylizer: FastStylizer | None,
    options: Mapping[str, Any],
) -> Work:
    words = () if isinstance(style, Style) else words_of(style, optional=True)
    settings = settings_from(words, options)
    stylizer = stylizer or open_stylizer(settings, model)
    meant = style if isinstance(style, Style) else stylizer.style(words)
    return Work(stylizer, picture, meant, settings)


def method_of(stylizer: Stylizer, settings: StylizeSettings) -> Stylizer:
    """Return the stylizer with the wrappers of these settings around it, in the right order.

    From the inside: `Strokes`, `Strength`, a wrapper of colors, `KeepPhoto`. Of the settings only
    strokes, strength, blend, colors, color_strength and palette count.
    """
    return controlled(
        Strokes(stylizer, settings.strokes),
        strength=settings.strength,
        blend=settings.blend,
        colors=settings.colors,
        color_strength=settings.color_strength,
        palette=settings.palette,
    )


def settings_from(words: tuple[str, ...], options: Mapping[str, Any]) -> StylizeSettings:
    """Return settings of keyword options; raise SettingError for one that does not exist."""
    return from_mapping(StylizeSettings, {"style": words, **options})


def open_stylizer(settings: StylizeSettings, model: ModelLike = None) -> FastStylizer:
    """Return the stylizer of a model for these engine settings; the same one when asked again."""
    folder = SHIPPED if model is None else find_model(model).resolve()
    # What is exported anew into its folder is another model.
    written = (folder / CARD).stat().st_mtime_ns if (folder / CARD).is_file() else 0
    return _open(
        folder, written, settings.engine, settings.device, settings.threads, settings.precision
    )


@cache
def _open(
    model: Path, written: int, engine: str, device: str, threads: int, precision: str
) -> FastStylizer:
    return FastStylizer.open(
        model, engine=engine, device=device, threads=threads, precision=precision
    )
