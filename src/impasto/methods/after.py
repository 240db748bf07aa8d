"""A painter whose painting is changed afterwards, pixel by pixel."""

from collections.abc import Callable
from dataclasses import dataclass

from impasto.images.samples import to_floats
from impasto.images.source import Source
from impasto.images.window import Window
from impasto.methods.base import Painter, Pixels

Change = Callable[[Pixels, Pixels], Pixels]


@dataclass(frozen=True)
class AfterPainter:
    """A painter with a change of (content, painted), both float32 h w 3; it must be local."""

    inner: Painter
    change: Change

    @property
    def source(self) -> Source:
        """The picture that is painted."""
        return self.inner.source

    def paint(self, window: Window) -> Pixels:
        """Return the changed window, float32 h w 3, RGB in [0, 1]."""
        return self.change(to_floats(self.source.read(window)), self.inner.paint(window))
