"""Masks: how much each place of a picture belongs to a region, whatever the picture's size."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from impasto.images.window import Window

Plane = npt.NDArray[np.float32]  # H W, [0, 1]


@dataclass(frozen=True, eq=False)
class Mask:
    """A plane of weights (float32 H W, [0, 1]) that is stretched over a picture of any size."""

    plane: Plane

    def read(self, window: Window, height: int, width: int) -> Plane:
        """Return the weights of a window of a picture of this size, float32 h w.

        A place has the same weight in every window. Bilinear where the mask is the smaller one,
        with the filter widened against aliasing where the picture is.
        """
        if self.plane.shape == (height, width):
            return self.plane[window.slices]
        rows = _along(self.plane, window.top, window.height, height)
        return _along(rows.T, window.left, window.width, width).T


def _along(plane: Plane, start: int, count: int, size: int) -> Plane:
    """Return `count` rows from `start` on of a plane stretched to `size` rows."""
    scale = plane.shape[0] / size
    reach = max(1.0, scale)
    centers = (np.arange(start, start + count) + 0.5) * scale - 0.5
    first = np.ceil(centers - reach).astype(np.int64)
    taps = [first + k for k in range(int(2 * reach) + 1)]
    weights = [np.clip(1 - abs(tap - centers) / reach, 0, None) for tap in taps]
    total = np.sum(weights, axis=0)
    # Summed tap by tap: so every window adds the same numbers in the same order.
    result = np.zeros((count, plane.shape[1]), np.float32)
    for tap, weight in zip(taps, weights, strict=True):
        share = (weight / total).astype(np.float32)[:, None]
        result += share * plane[tap.clip(0, plane.shape[0] - 1)]
    return result
