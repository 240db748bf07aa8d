"""Whose colors a painting has: the style's, the photo's, or a palette's.

Each is a Stylizer around a Stylizer. What depends on the whole picture is measured on a thumbnail
and its painting, or that of the painting where it exists whole; then every pixel is changed alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from impasto.images.color import keep_chroma
from impasto.images.lut import Lut
from impasto.images.recolor import PaletteMap
from impasto.images.samples import to_floats, to_samples
from impasto.images.source import ArraySource, Source
from impasto.images.transfer import monge_kantorovich
from impasto.images.window import whole
from impasto.methods.after import Change, after
from impasto.methods.base import Painter, Pixels, Region, Stylizer, WholePainter
from impasto.settings.stylize import StylizeSettings
from impasto.styles.palettes import Palette, parse_palette
from impasto.styles.style import Style

THUMBNAIL = 512  # long side that colors are measured at


@dataclass(frozen=True)
class ContentColors:
    """Keep the photo's colors: paint light and dark only (Gatys et al. 2017, luminance-only).

    A strength below 1, down to 0, goes part of the way. Raises SettingError beyond that.
    """

    inner: Stylizer
    strength: float = 1.0

    def __post_init__(self) -> None:
        StylizeSettings(color_strength=self.strength)

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter that keeps the chroma of the source."""
        painter = self.inner.prepare(source, style, regions)
        return after(painter, _faded(keep_chroma, self.strength))


@dataclass(frozen=True)
class MatchColors:
    """Give the painting the photo's mean color and spread of colors, and leave it its contrasts.

    A Monge-Kantorovich map (Pitie and Kokaram 2007) in sRGB, from painting to photo. A strength
    below 1, down to 0, goes part of the way. Raises SettingError beyond that.
    """

    inner: Stylizer
    strength: float = 1.0

    def __post_init__(self) -> None:
        StylizeSettings(color_strength=self.strength)

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter whose colors are those of the source."""
        painter = self.inner.prepare(source, style, regions)
        photo, painting = _measured(painter, self.inner, style, regions)
        change = _of_painted(monge_kantorovich(painting, photo))
        return after(painter, _faded(change, self.strength))


@dataclass(frozen=True)
class PaletteColors:
    """Draw the painting's colors to a palette.

    To those of a picture by a Monge-Kantorovich map, to a few colors by a smooth `PaletteMap`. A
    strength below 1, down to 0, goes part of the way. Raises SettingError beyond that.
    """

    inner: Stylizer
    palette: Palette
    strength: float = 1.0

    def __post_init__(self) -> None:
        StylizeSettings(color_strength=self.strength)

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter whose colors are those of the palette."""
        painter = self.inner.prepare(source, style, regions)
        _, painting = _measured(painter, self.inner, style, regions)
        change = _of_painted(self._map(painting))
        return after(painter, _faded(change, self.strength))

    def _map(self, painting: Pixels) -> Callable[[Pixels], Pixels]:
        if self.palette.picture:
            return monge_kantorovich(painting, self.palette.colors)
        # Every fourth pixel tells as much of the range and spread of colors.
        return Lut.bake(PaletteMap(painting[::2, ::2], self.palette.colors))


def colored(
    stylizer: Stylizer, *, colors: str, color_strength: float = 1.0, palette: Sequence[str] = ()
) -> Stylizer:
    """Return the method with its colors controlled.

    Args:
        colors: "style", "content", "match" or "palette".
        color_strength: 0, the method itself, to 1, the whole change; between them colors fade.
        palette: words as for `parse_palette`.
    """
    if colors == "style" or color_strength == 0:
        return stylizer
    if colors == "content":
        return ContentColors(stylizer, color_strength)
    if colors == "match":
        return MatchColors(stylizer, color_strength)
    return PaletteColors(stylizer, parse_palette(palette), color_strength)


def grade(stylizer: Stylizer, source: Source, style: Style, regions: Sequence[Region] = ()) -> Lut:
    """Return the color part of a painting: the linear map from photo to painting, as a table.

    It grades other pictures and films like this one, without the brush. A painting in the photo's
    own chroma (`ContentColors`) has only its light and dark to give. The table is called with
    colors, float ... 3 in [0, 1], and ``to_cube(title)`` is the text of a ``.cube`` file.
    """
    return Lut.bake(monge_kantorovich(*painted_thumbnail(stylizer, source, style, regions)))


def painted_thumbnail(
    stylizer: Stylizer, source: Source, style: Style, regions: Sequence[Region] = ()
) -> tuple[Pixels, Pixels]:
    """Return a small copy of the picture and its painting, float32 H W 3 in [0, 1]."""
    small = source
    if max(source.height, source.width) > THUMBNAIL:
        small = ArraySource(source.name, to_samples(source.thumbnail(THUMBNAIL), 16))
    window = whole(small.height, small.width)
    painting = stylizer.prepare(small, style, regions).paint(window)
    return to_floats(small.read(window)), painting


def _measured(
    painter: Painter, stylizer: Stylizer, style: Style, regions: Sequence[Region]
) -> tuple[Pixels, Pixels]:
    """Return a small copy of the painter's picture and its painting."""
    if isinstance(painter, WholePainter):
        return painter.source.thumbnail(THUMBNAIL), painter.thumbnail(THUMBNAIL)
    return painted_thumbnail(stylizer, painter.source, style, regions)


def _of_painted(change: Callable[[Pixels], Pixels]) -> Change:
    return lambda content, painted: change(painted)


def _faded(change: Change, strength: float) -> Change:
    """Return a change that goes part of the way.

    In sRGB, not in linear light: both ends have nearly the same lightness, and sRGB's steps look
    even, while a mean of light would lean to the brighter and paler of the two.
    """
    if strength == 1:
        return change
    share = np.float32(strength)
    return lambda content, painted: painted + share * (change(content, painted) - painted)
