"""Paint a picture from opening to signing: what the command and `impasto.stylize` call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from PIL import Image

from impasto.device.progress import OnProgress
from impasto.images.samples import Samples
from impasto.images.scale import scaled
from impasto.images.sink import Place, create_picture
from impasto.images.source import Picture, Source, open_picture
from impasto.methods.base import Painter, Stylizer
from impasto.methods.controls import controlled
from impasto.methods.fast import FastStylizer
from impasto.methods.fingerprint import fingerprint
from impasto.methods.paint import painted_strips, painted_whole
from impasto.methods.region_words import regions_from
from impasto.methods.strokes import Strokes
from impasto.provenance.disclosure import disclosure
from impasto.settings.schema import from_mapping, to_mapping
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style, describe

# Of the settings.
DISCLOSED = ("strength", "strokes", "colors", "color_strength", "palette", "size")


def stylize(
    picture: Picture,
    style: str | Sequence[str] | Style,
    *,
    stylizer: FastStylizer | None = None,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Image.Image:
    """Paint a picture and return it as a Pillow image, RGB, or RGBA where the picture has alpha.

    Args:
        picture: a path, bytes, an open file, a Pillow image, or an array H W 3 (uint8, uint16, or
            float in [0, 1]).
        style: a gallery name, a painting's path or a ``.style`` file, each with ``:WEIGHT`` if
            wished; several of them to mix; or a Style.
        stylizer: a stylizer opened before; by default one for the given engine options is kept.
        on_progress: called after each tile with a `Progress`; what it raises ends the work.
        options: the fields of `StylizeSettings`, as ``strength=0.8`` or ``colors="content"``.

    Raises:
        ImpastoError: one of its kinds, saying what came, what is allowed, what to do next.
    """
    work = _work(picture, style, stylizer, options)
    image = Image.fromarray(painted_whole(work.painter(), 8, on_progress))
    kept = work.opened.metadata
    known = {"icc_profile": kept.profile, "dpi": kept.dpi}
    image.info |= {key: value for key, value in known.items() if value is not None}
    return image


def stylize_array(
    picture: Picture,
    style: str | Sequence[str] | Style,
    *,
    stylizer: FastStylizer | None = None,
    on_progress: OnProgress | None = None,
    **options: Any,
) -> Samples:
    """Paint a picture and return it as an array H W 3, or H W 4 where the picture has alpha.

    Like `stylize`, but at the depth of the picture, or of the option ``depth``: uint8 or uint16.
    """
    work = _work(picture, style, stylizer, options)
    return painted_whole(work.painter(), work.depth, on_progress)


def stylize_file(
    stylizer: FastStylizer,
    picture: Picture,
    output: Place,
    style: Style,
    settings: StylizeSettings,
    *,
    overwrite: bool = False,
    version: str,
    format: str | None = None,
    on_progress: OnProgress | None = None,
) -> None:
    """Paint a picture file into another, signed; nothing is left half-written.

    Args:
        output: a path, or an open file whose ``format``, such as ``"png"``, is given.
        on_progress: called after each tile; what it raises ends the work without a trace.
    """
    work = Work(stylizer, open_for(picture, settings), style, settings)
    source, kept = work.source, work.opened.metadata
    sink = create_picture(
        output,
        source.height,
        source.width,
        alpha=source.has_alpha,
        depth=work.depth,
        quality=settings.quality,
        chroma=settings.chroma,
        blend=settings.blend,
        overwrite=overwrite,
        metadata=disclosure(work.record(), version=version),
        kept=kept if settings.keep_metadata else replace(kept, exif=None),
        format=format,
    )
    sink.write(painted_strips(work.painter(), work.depth, on_progress))


class Work:
    """One picture to paint: what was opened, and what it is to become."""

    def __init__(
        self, stylizer: FastStylizer, opened: Source, style: Style, settings: StylizeSettings
    ) -> None:
        self.stylizer, self.opened, self.style, self.settings = stylizer, opened, style, settings
        self.source = scaled(opened, settings.size)
        self.depth = opened.depth if settings.depth == "auto" else int(settings.depth)
        self.regions = regions_from(settings, stylizer, opened)

    def painter(self) -> Painter:
        """Look at the whole picture and return its painter."""
        method = method_of(self.stylizer, self.settings)
        return method.prepare(self.source, self.style, self.regions)

    def record(self) -> Mapping[str, object]:
        """Return what the painting discloses: content, style, model and settings."""
        parts = [one.style and describe(one.style) for one in self.regions]  # None: still the photo
        return {
            "method": "fast",
            "model": self.stylizer.model.name,
            "encoder_id": self.stylizer.encoder_id,
            "content_sha256": self.opened.sha256,
            "fingerprint": fingerprint(self.style, self.settings),
            "style": describe(self.style),
            **({"regions": parts} if parts else {}),
            **{k: v for k, v in to_mapping(self.settings).items() if k in DISCLOSED},
        }


def open_for(picture: Picture, settings: StylizeSettings) -> Source:
    """Open a picture as its settings say."""
    return open_picture(picture, max_pixels=settings.max_pixels, profile=settings.profile)


def _work(
    picture: Picture,
    style: str | Sequence[str] | Style,
    stylizer: FastStylizer | None,
    options: Mapping[str, Any],
) -> Work:
    words = () if isinstance(style, Style) else (style,) if isinstance(style, str) else tuple(style)
    settings = settings_from(words, options)
    stylizer = stylizer or open_stylizer(settings)
    opened = open_for(picture, settings)
    meant = style if isinstance(style, Style) else stylizer.style(words)
    return Work(stylizer, opened, meant, settings)


def method_of(stylizer: FastStylizer, settings: StylizeSettings) -> Stylizer:
    """Return the stylizer with the controls of these settings around it."""
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


def open_stylizer(settings: StylizeSettings, model: Path | None = None) -> FastStylizer:
    """Return the stylizer for these engine settings; the same one when asked again."""
    return _open(model, settings.engine, settings.device, settings.threads, settings.precision)


@cache
def _open(
    model: Path | None, engine: str, device: str, threads: int, precision: str
) -> FastStylizer:
    return FastStylizer.open(
        model, engine=engine, device=device, threads=threads, precision=precision
    )
