"""A painting that exists whole, as a painter of its windows."""

import numpy as np
from torch import Tensor

from impasto.images.samples import Samples, to_floats, to_samples
from impasto.images.source import ArraySource, Source
from impasto.images.window import Window
from impasto.methods.base import Pixels


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


def samples_of(picture: Tensor, source: Source, share: float) -> Samples:
    """Return a picture, 1 3 H W, as uint16 H W 3, faded towards the source for shares under 1."""
    height, width = picture.shape[2:]
    result = np.empty((height, width, 3), np.uint16)
    for top in range(0, height, 512):
        band = Window(top, 0, min(512, height - top), width)
        rows = picture[0, :, top : top + band.height].permute(1, 2, 0).cpu().numpy()
        if share < 1:
            content = to_floats(source.read(band))
            rows = content + np.float32(share) * (rows - content)
        result[top : top + band.height] = to_samples(np.ascontiguousarray(rows), 16)
    return result
