"""How large the strokes are: against the picture, or as the network paints them, or by a factor.

A network's strokes have a size in pixels, so a large picture looks finely painted, like a filtered
photo. Larger strokes come from painting a smaller copy. Enlarged, that painting is soft; so it is
refined: the photo's fine detail, lost in the copy, is added, and the network paints once more at
full size. The strokes of the small painting remain, made of crisp paint.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from impasto.images.metadata import NOTHING, Metadata
from impasto.images.resample import BICUBIC, read_scaled
from impasto.images.resize import fit_long_side, resize
from impasto.images.samples import Samples, to_floats, to_samples
from impasto.images.scale import Scaled
from impasto.images.source import ArraySource, Source
from impasto.images.window import Window, whole
from impasto.methods.base import Painter, Pixels, Region, Stylizer, VectorStylizer
from impasto.settings.stylize import StylizeSettings
from impasto.styles.style import Style, Vector

WORKING = 512  # long side of the copy that relative strokes are painted on
NATIVE_TO = 640  # pictures up to this long side are painted as they are
STEEP = 3.0  # an enlargement beyond this takes a step between
BETWEEN = 2048  # long side of that step at most: it is held in memory
DETAIL = 0.6  # share of the photo's lost detail that is added before refining
LIKENESS = 0.5  # how far the step between is drawn back to the small painting it came from

Prepare = Callable[[Source], Painter]


@dataclass(frozen=True)
class Strokes:
    """Strokes of a size: "relative" to the picture, "native", or a factor such as "2".

    `relative` paints as if the long side had 512 pixels, so that a preview and the full size look
    alike. A factor, 0.5 to 4, is how many times as large as native they are. Raises SettingError
    for anything else.
    """

    inner: Stylizer
    strokes: str = "relative"

    def __post_init__(self) -> None:
        StylizeSettings(strokes=self.strokes)

    def see(self, source: Source) -> Vector:
        """Return the vector of a picture's own style, if the method inside sees any."""
        return cast(VectorStylizer, self.inner).see(source)  # asked for only if `has_vectors`

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter with strokes of this size."""

        def prepare(picture: Source) -> Painter:
            return self.inner.prepare(picture, style, regions)

        long_side = max(source.height, source.width)
        if self.strokes == "native" or (self.strokes == "relative" and long_side <= NATIVE_TO):
            return prepare(source)
        if self.strokes == "relative":
            return PainterOf(source, prepare(_painted_small(source, prepare)))
        factor = float(self.strokes)
        size = fit_long_side(source.height, source.width, max(1, round(long_side / factor)))
        if max(size) == long_side:
            return prepare(source)
        other = Scaled(source, *size)
        if factor < 1:
            return Reduced(source, prepare(other))
        seen = _in_memory(source.thumbnail(WORKING))
        base = Painted(prepare(other), _paint(prepare(seen)))
        return PainterOf(source, prepare(Refined(source, base, other, soften=True)))


def _painted_small(source: Source, prepare: Prepare) -> Source:
    """Return the source to refine: a painting in memory, under the photo's detail."""
    long_side = max(source.height, source.width)
    steep = long_side > STEEP * WORKING
    between = min(BETWEEN, round(math.sqrt(WORKING * long_side))) if steep else WORKING
    seen = source.thumbnail(between)  # the only pass over the whole picture
    size = fit_long_side(source.height, source.width, WORKING)
    low = _in_memory(resize(seen, *size))
    painting = _paint(prepare(low))
    if not steep:
        return Refined(source, _in_memory(painting), low, soften=True)
    photo = _in_memory(seen)
    step = _paint(prepare(Refined(photo, _in_memory(painting), low, soften=True)))
    drift = painting - resize(step, *painting.shape[:2])
    enlarged = read_scaled(
        lambda w: drift[w.slices], *size, seen.shape[:2], whole(*seen.shape[:2]), BICUBIC
    )
    step = np.clip(step + np.float32(LIKENESS) * enlarged, 0, 1)
    if long_side <= STEEP * between:
        return Refined(source, _in_memory(step), photo, soften=False)
    # Too large a step again, and too large a picture for memory: one more, painted as it is read.
    last = Scaled(source, *fit_long_side(source.height, source.width, round(long_side / STEEP)))
    base = Painted(prepare(Refined(last, _in_memory(step), photo, soften=False)), step)
    return Refined(source, base, last, soften=False)


def _in_memory(picture: Pixels) -> ArraySource:
    return ArraySource("copy", to_samples(picture, 16))


def _paint(painter: Painter) -> Pixels:
    return painter.paint(whole(painter.source.height, painter.source.width))


class _Seen:
    """What sources that are made of a photo do not have of their own."""

    photo: Source

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return self.photo.height

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return self.photo.width

    @property
    def has_alpha(self) -> bool:
        """Whether anything in the photo is transparent."""
        return self.photo.has_alpha

    @property
    def depth(self) -> int:
        """Bits of a sample: 16, for what lies between two paintings must not be rounded to 8."""
        return 16

    @property
    def metadata(self) -> Metadata:
        """Nothing: this is no file."""
        return NOTHING

    @property
    def name(self) -> str:
        """What to call the photo in messages."""
        return self.photo.name

    @property
    def sha256(self) -> str:
        """The hash of the photo, in hex."""
        return self.photo.sha256

    def alpha(self, window: Window) -> Samples | None:
        """Return the photo's alpha."""
        return self.photo.alpha(window)


class Painted(_Seen):
    """A painting as a source, painted as it is read."""

    def __init__(self, painter: Painter, thumbnail: Pixels) -> None:
        self.photo, self._painter, self._thumbnail = painter.source, painter, thumbnail

    def read(self, window: Window) -> Samples:
        """Return the painted window, uint16, h w 3."""
        return to_samples(self._painter.paint(window), 16)

    def thumbnail(self, long_side: int) -> Pixels:
        """Return a painting of the photo's thumbnail; to reduce the painting would paint it all."""
        height, width = self._thumbnail.shape[:2]
        return resize(
            self._thumbnail, *fit_long_side(height, width, min(long_side, max(height, width)))
        )


class Refined(_Seen):
    """An enlarged painting with the photo's fine detail, to be painted once more.

    What is added is the photo less what its copy of the painting's size knows of it.
    """

    def __init__(self, photo: Source, base: Source, low: Source, *, soften: bool) -> None:
        self.photo, self._base, self._low, self._soften = photo, base, low, soften

    def read(self, window: Window) -> Samples:
        """Return the window, uint16, h w 3."""
        base, size = self._base, (self.height, self.width)
        change = read_scaled(self._change, base.height, base.width, size, window, BICUBIC)
        return to_samples(change + np.float32(DETAIL) * to_floats(self.photo.read(window)), 16)

    def _change(self, window: Window) -> Pixels:
        low = to_floats(self._low.read(window))
        return self._painting(window) - np.float32(DETAIL) * low

    def _painting(self, window: Window) -> Pixels:
        if not self._soften:
            return to_floats(self._base.read(window))
        # Texture of single pixels would grow into stripes: [1 2 1] takes out just that.
        top, left = max(0, window.top - 1), max(0, window.left - 1)
        bottom = min(self._base.height, window.bottom + 1)
        right = min(self._base.width, window.right + 1)
        soft = _softened(to_floats(self._base.read(Window(top, left, bottom - top, right - left))))
        return soft[window.top - top :, window.left - left :][: window.height, : window.width]

    def thumbnail(self, long_side: int) -> Pixels:
        """Return the whole painting, reduced; detail that was added is too fine to be seen."""
        seen = self._base.thumbnail(long_side)
        return resize(seen, *fit_long_side(self.height, self.width, max(seen.shape[:2])))


def _softened(picture: Pixels) -> Pixels:
    p, quarter = np.pad(picture, ((1, 1), (1, 1), (0, 0)), mode="edge"), np.float32(0.25)
    p = quarter * (p[:-2] + 2 * p[1:-1] + p[2:])
    return quarter * (p[:, :-2] + 2 * p[:, 1:-1] + p[:, 2:])


@dataclass(frozen=True)
class PainterOf:
    """A painter of another picture of the same size, in the name of the photo."""

    source: Source
    inner: Painter

    def paint(self, window: Window) -> Pixels:
        """Return the painted window, float32 h w 3, RGB in [0, 1]."""
        return self.inner.paint(window)


@dataclass(frozen=True)
class Reduced:
    """A painter of an enlarged photo, whose painting is reduced: strokes finer than native."""

    source: Source
    inner: Painter

    def paint(self, window: Window) -> Pixels:
        """Return the painted window, float32 h w 3, RGB in [0, 1]."""
        large, size = self.inner.source, (self.source.height, self.source.width)
        pixels = read_scaled(self.inner.paint, large.height, large.width, size, window)
        return np.clip(pixels, 0, 1)
