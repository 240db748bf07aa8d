"""A painting that exists whole, as a painter of its windows."""

import numpy as np
from torch import Tensor

from impasto.images.samples import Samples, to_floats, to_samples
from impasto.images.source import ArraySource, Source
from impasto.images.window import Window
from impasto.methods.base import Pixels

ROWS = 512  # converted at once, so that no second picture of floats exists


class FinishedPainter:
    """A painting that exists whole: windows are cut from it."""

    def __init__(self, source: Source, painting: Samples) -> None:
        self.source = source
        self._painting = ArraySource(source.name, painting)

    def paint(self, window: Window) -> Pixels:
        """Return the painted window, float32 h w 3, RGB in [0, 1]."""
        return to_floats(self._painting.read(window))

    def thumbnail(self, long_side: int) -> Pixels:
        """Return the whole painting, float32 in [0, 1], H W 3, reduced but never enlarged."""
        return self._painting.thumbnail(long_side)


def samples_of(picture: Tensor) -> Samples:
    """Return a picture, 1 3 H W, as uint16 H W 3."""
    height, width = picture.shape[2:]
    result = np.empty((height, width, 3), np.uint16)
    for top in range(0, height, ROWS):
        rows = picture[0, :, top : top + ROWS].permute(1, 2, 0).cpu().numpy()
        result[top : top + ROWS] = to_samples(np.ascontiguousarray(rows), 16)
    return result
