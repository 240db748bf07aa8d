"""A fast method for small pictures whose controls change often: it remembers what was done."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from impasto.images.resize import fit_long_side, resize
from impasto.images.source import Source
from impasto.images.window import Window, whole
from impasto.methods.base import Painter, Pixels, Region, Stylizer, VectorStylizer
from impasto.styles.style import Style, Vector

KEPT = 8  # vectors of pictures, and paintings
T = TypeVar("T")


class Preview:
    """Paints as the method inside, to the last bit, but whole and once.

    The vector of a picture's own style is seen once, and the last paintings stay in memory: colors
    are measured on them and changed without painting anew. Sources and masks are known by being
    the same objects. For pictures of a screen's size, from one thread.
    """

    def __init__(self, inner: Stylizer, kept: int = KEPT) -> None:
        self.inner = inner
        self._kept = kept
        self._seen: OrderedDict[Any, Vector] = OrderedDict()
        self._painted: OrderedDict[Any, Painting] = OrderedDict()

    def see(self, source: Source) -> Vector:
        """Return the vector of a picture's own style, if the method inside sees any."""
        see = cast(VectorStylizer, self.inner).see  # asked for only if `has_vectors`
        return self._remembered(self._seen, source, lambda: see(source))

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter whose painting exists whole."""

        def painted() -> Painting:
            painter = self.inner.prepare(source, style, regions)
            pixels = painter.paint(whole(source.height, source.width))
            return Painting(source, np.ascontiguousarray(pixels))

        key = (source, _key(style), tuple((r.mask, r.weight, _key(r.style)) for r in regions))
        return self._remembered(self._painted, key, painted)

    def _remembered(self, known: OrderedDict[Any, T], key: Any, make: Callable[[], T]) -> T:
        if key not in known:
            known[key] = make()
        known.move_to_end(key)
        if len(known) > self._kept:
            known.popitem(last=False)
        return known[key]


@dataclass(frozen=True, eq=False)
class Painting:
    """A painter whose painting exists whole."""

    source: Source
    pixels: Pixels  # H W 3

    def __post_init__(self) -> None:
        self.pixels.flags.writeable = False  # it is given to many

    def paint(self, window: Window) -> Pixels:
        """Return the window, float32 h w 3, RGB in [0, 1]; not to be written into."""
        return self.pixels[window.slices]

    def thumbnail(self, long_side: int) -> Pixels:
        """Return the whole painting, float32 in [0, 1], H W 3, reduced but never enlarged."""
        height, width = self.pixels.shape[:2]
        if max(height, width) <= long_side:
            return self.pixels
        return resize(self.pixels, *fit_long_side(height, width, long_side))


def _key(style: Style | None) -> object:
    return style and (style.encoder_id, style.vector.tobytes())
