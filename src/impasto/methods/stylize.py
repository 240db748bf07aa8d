"""Paint a picture from opening to signing: what the command and `impasto.stylize` call."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from impasto.device.progress import OnProgress, Progress
from impasto.images.resize import fit_long_side, resize
from impasto.images.samples import Samples, to_floats, to_samples
from impasto.images.sink import create_picture
from impasto.images.source import ArraySource, Picture, Source, open_picture
from impasto.images.tiles import tiles
from impasto.images.window import Strip, Window
from impasto.methods.base import Painter, Region, Stylizer
from impasto.methods.controls import controlled
from impasto.methods.fast import FastStylizer
from impasto.methods.fingerprint import fingerprint
from impasto.methods.region_words import regions_from
from impasto.provenance.disclosure import disclosure
from impasto.settings.schema import from_mapping, to_mapping
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style, describe

TILE = 2048  # pixels a side that are painted at once; larger tiles waste less on their halo

DISCLOSED = ("strength", "colors", "color_strength", "palette", "size")  # of the settings

Bytes = npt.NDArray[np.uint8]
Write = Callable[[Window, Bytes, Bytes | None], None]


def stylize(
    picture: Picture,
    style: str | Sequence[str] | Style,
    *,
    stylizer: FastStylizer | None = None,
    **options: Any,
) -> Image.Image:
    """Paint a picture and return it as a Pillow image, RGB, or RGBA where the picture has alpha.

    Args:
        picture: a path, bytes, an open file, a Pillow image, or an array H W 3 (uint8, or
            float in [0, 1]).
        style: a gallery name, a painting's path or a ``.style`` file, each with ``:WEIGHT`` if
            wished; several of them to mix; or a Style.
        stylizer: a stylizer opened before; by default one for the given engine options is kept.
        options: the fields of `StylizeSettings`, as ``strength=0.8`` or ``colors="content"``.

    Raises:
        ImpastoError: one of its kinds, saying what came, what is allowed, what to do next.
    """
    words = () if isinstance(style, Style) else (style,) if isinstance(style, str) else tuple(style)
    settings = settings_from(words, options)
    stylizer = stylizer or open_stylizer(settings)
    opened = open_picture(picture, max_pixels=settings.max_pixels)
    source = sized(opened, settings.size)
    meant = style if isinstance(style, Style) else stylizer.style(words)
    regions = regions_from(settings, stylizer, opened)
    painter = method_of(stylizer, settings).prepare(source, meant, regions)
    canvas = np.empty((source.height, source.width, 4 if source.has_alpha else 3), np.uint8)

    def write(window: Window, pixels: Bytes, alpha: Bytes | None) -> None:
        canvas[window.slices][..., :3] = pixels
        if alpha is not None:
            canvas[window.slices][..., 3] = alpha

    paint_all(painter, write)
    return Image.fromarray(canvas)


def stylize_file(
    stylizer: FastStylizer,
    picture: Path,
    output: Path,
    style: Style,
    settings: StylizeSettings,
    *,
    overwrite: bool = False,
    version: str,
    on_progress: OnProgress | None = None,
) -> None:
    """Paint a picture file into another, signed; nothing is left half-written.

    `on_progress` is called after each tile; what it raises ends the work without a trace.
    """
    opened = open_picture(picture, max_pixels=settings.max_pixels, profile=settings.profile)
    source = sized(opened, settings.size)
    regions = regions_from(settings, stylizer, opened)
    kept = opened.metadata
    depth = opened.depth if settings.depth == "auto" else int(settings.depth)
    sink = create_picture(
        output,
        source.height,
        source.width,
        alpha=source.has_alpha,
        depth=depth,
        quality=settings.quality,
        chroma=settings.chroma,
        blend=settings.blend,
        overwrite=overwrite,
        metadata=disclosure(record(stylizer, source, style, settings, regions), version=version),
        kept=kept if settings.keep_metadata else replace(kept, exif=None),
    )
    painter = method_of(stylizer, settings).prepare(source, style, regions)
    sink.write(painted_strips(painter, depth, on_progress=on_progress))


def painted_strips(
    painter: Painter, depth: int, side: int = TILE, on_progress: OnProgress | None = None
) -> Iterator[Strip]:
    """Yield a painting from top to bottom at 8 or 16 bits; alpha passes through."""
    source = painter.source
    tell = _teller(sum(1 for _ in tiles(source.height, source.width, side)), on_progress)
    for top in range(0, source.height, side):
        band = Window(top, 0, min(side, source.height - top), source.width)
        across = (replace(w, top=top) for w in tiles(band.height, band.width, side))
        pixels = []
        for window in across:
            pixels.append(to_samples(painter.paint(window), depth))
            tell()
        yield Strip(np.concatenate(pixels, axis=1), source.alpha(band))


def _teller(total: int, on_progress: OnProgress | None) -> Callable[[], None]:
    """Return what counts tiles and tells how far the painting is."""
    begun, done = time.monotonic(), 0

    def tell() -> None:
        nonlocal done
        done += 1
        if on_progress is not None:
            left = (time.monotonic() - begun) / done * (total - done)
            on_progress(Progress("tile", done, total, left))

    return tell


def method_of(stylizer: FastStylizer, settings: StylizeSettings) -> Stylizer:
    """Return the stylizer with the controls of these settings around it."""
    return controlled(
        stylizer,
        strength=settings.strength,
        colors=settings.colors,
        color_strength=settings.color_strength,
        palette=settings.palette,
    )


def paint_all(painter: Painter, write: Write, side: int = TILE) -> None:
    """Paint a picture tile by tile in 8 bits; alpha passes through."""
    source = painter.source
    for window in tiles(source.height, source.width, side):
        pixels = np.rint(painter.paint(window) * 255).astype(np.uint8)
        write(window, pixels, source.alpha(window))


def sized(source: Source, size: int | None) -> Source:
    """Return the source with this long side, or as it is without one."""
    if size is None or size == max(source.height, source.width):
        return source
    height, width = fit_long_side(source.height, source.width, size)
    whole = Window(0, 0, source.height, source.width)

    def scaled(pixels: Samples) -> Samples:
        # Alpha goes through the same filter as three equal channels.
        return to_samples(resize(to_floats(pixels), height, width), source.depth)

    alpha = source.alpha(whole)
    opacity = None if alpha is None else scaled(np.repeat(alpha[..., None], 3, 2))[..., 0]
    pixels = scaled(source.read(whole))
    return ArraySource(source.name, pixels, opacity, source.sha256, source.metadata)


def record(
    stylizer: FastStylizer,
    source: Source,
    style: Style,
    settings: StylizeSettings,
    regions: Sequence[Region] = (),
) -> Mapping[str, object]:
    """Return what a painting discloses: content, style, model and settings."""
    parts = [one.style and describe(one.style) for one in regions]  # None: still the photo
    return {
        "method": "fast",
        "model": stylizer.model.name,
        "encoder_id": stylizer.encoder_id,
        "content_sha256": source.sha256,
        "fingerprint": fingerprint(style, settings),
        "style": describe(style),
        **({"regions": parts} if parts else {}),
        **{k: v for k, v in to_mapping(settings).items() if k in DISCLOSED},
    }


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
