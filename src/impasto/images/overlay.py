"""A region shown on its picture: the rest is dimmed, the border is a line."""

import numpy as np

from impasto.images.color import luminance
from impasto.images.masks import Plane
from impasto.images.resize import FloatPicture

DIMMED = np.float32(0.35)  # how light the rest stays
LINE = (1.0, 0.1, 0.6)  # seldom a color of photographs


def overlay(picture: FloatPicture, plane: Plane) -> FloatPicture:
    """Return a picture (float32 H W 3) with a region (float32 H W, [0, 1]) marked on it.

    >>> float(overlay(np.ones((3, 3, 3), np.float32), np.ones((3, 3), np.float32)).min())
    1.0
    """
    rest = DIMMED * luminance(picture)[..., None]
    marked = rest + plane[..., None] * (picture - rest)
    inside = plane > 0.5
    border = np.zeros_like(inside)
    for axis in (0, 1):
        # Both pixels of a step, so the line is two pixels wide.
        step = np.diff(inside, axis=axis)
        before, after = (np.insert(step, end, False, axis=axis) for end in (step.shape[axis], 0))
        border |= before | after
    marked[border] = LINE
    return marked
