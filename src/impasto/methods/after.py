"""A painter whose painting is changed afterwards, pixel by pixel."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from impasto.images.samples import to_floats
from impasto.images.source import Source
from impasto.images.window import Window
from impasto.methods.base import Painter, Pixels, WholePainter

BLOCK = 1 << 15  # pixels changed at once: what fits into the cache

Change = Callable[[Pixels, Pixels], Pixels]


@dataclass(frozen=True)
class AfterPainter:
    """A painter whose painting is changed: ``change(content, painted)`` is what is shown.

    Both are float32 h w 3, RGB in [0, 1]; so is what it returns. It is called with parts of a
    window, so each pixel must follow from its own place alone. For wrappers of one's own.
    """

    inner: Painter
    change: Change

    @property
    def source(self) -> Source:
        """The picture that is painted."""
        return self.inner.source

    def paint(self, window: Window) -> Pixels:
        """Return the changed window, float32 h w 3, RGB in [0, 1]."""
        content, painted = self.source.read(window), self.inner.paint(window)
        result = np.empty_like(painted)
        rows = max(1, BLOCK // window.width)
        for top in range(0, window.height, rows):
            band = slice(top, top + rows)
            result[band] = self.change(to_floats(content[band]), painted[band])
        return result


@dataclass(frozen=True)
class WholeAfterPainter(AfterPainter):
    """A painter whose painting exists whole, and is changed."""

    inner: WholePainter

    def thumbnail(self, long_side: int) -> Pixels:
        """Return the whole changed painting, float32 in [0, 1], H W 3, reduced."""
        return self.change(self.source.thumbnail(long_side), self.inner.thumbnail(long_side))


def after(painter: Painter, change: Change) -> AfterPainter:
    """Return a painter whose painting is changed; with a thumbnail where the painter has one."""
    if isinstance(painter, WholePainter):
        return WholeAfterPainter(painter, change)
    return AfterPainter(painter, change)
