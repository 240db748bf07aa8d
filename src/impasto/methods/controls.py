"""Controls that work with every method: each is a Stylizer around a Stylizer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from impasto.images.color import keep_chroma
from impasto.images.source import Source
from impasto.images.window import Window
from impasto.methods.base import Painter, Pixels, Region, Stylizer, VectorStylizer
from impasto.styles.style import Style, Vector

BLEND_BELOW = 0.25  # strengths under this fade the pixels to the photo


@dataclass(frozen=True)
class AfterPainter:
    """A painter whose painting is changed pixel by pixel, knowing the content."""

    inner: Painter
    change: Callable[[Pixels, Pixels], Pixels]

    @property
    def source(self) -> Source:
        """The picture that is painted."""
        return self.inner.source

    def paint(self, window: Window) -> Pixels:
        """Return the changed window, float32 h w 3, RGB in [0, 1]."""
        content = self.source.read(window).astype(np.float32) / np.float32(255)
        return self.change(content, self.inner.paint(window))


@dataclass(frozen=True)
class Strength:
    """How far to go from photo to painting: 0 is the photo exactly, 1 the style, up to 2 beyond it.

    The vector moves on the line from the photo's own style to the wanted one. Since a network never
    returns the photo exactly, strengths below 0.25 also fade the pixels.
    """

    inner: VectorStylizer
    strength: float = 1.0

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter of this strength."""
        if self.strength == 1:
            return self.inner.prepare(source, style, regions)
        own = self.inner.see(source)
        moved = [replace(one, style=one.style and self._moved(own, one.style)) for one in regions]
        painter = self.inner.prepare(source, self._moved(own, style), moved)
        share = np.float32(min(1.0, self.strength / BLEND_BELOW))
        if share == 1:
            return painter
        return AfterPainter(painter, lambda content, painted: content + share * (painted - content))

    def _moved(self, own: Vector, style: Style) -> Style:
        return replace(style, vector=own + np.float32(self.strength) * (style.vector - own))


@dataclass(frozen=True)
class ContentColors:
    """Keep the photo's colors: paint light and dark only (Gatys et al. 2017, luminance-only)."""

    inner: Stylizer

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter that keeps the chroma of the source."""
        return AfterPainter(self.inner.prepare(source, style, regions), keep_chroma)


def controlled(stylizer: VectorStylizer, *, strength: float, colors: str) -> Stylizer:
    """Return the method with its controls around it."""
    wrapped: Stylizer = Strength(stylizer, strength)
    # With strength 0 the photo's colors are there already, bit for bit.
    return ContentColors(wrapped) if colors == "content" and strength > 0 else wrapped
