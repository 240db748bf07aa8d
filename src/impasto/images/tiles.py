"""Widen a window by its halo, and read it as a network takes it."""

import numpy as np
import numpy.typing as npt

from impasto.images.samples import white_of
from impasto.images.source import Source
from impasto.images.window import Window

Pixels = npt.NDArray[np.float32]


def widen(window: Window, height: int, width: int, halo: int, multiple: int) -> Window:
    """Return the window with its halo, on a grid of `multiple`, cut at the picture's border.

    Top and left are multiples, so every tile is painted on the grid of the whole picture.

    >>> widen(Window(20, 0, 10, 10), 100, 100, halo=8, multiple=8)
    Window(top=8, left=0, height=32, width=24)
    """
    top = max(0, window.top - halo) // multiple * multiple
    left = max(0, window.left - halo) // multiple * multiple
    bottom = min(height, -(-(window.bottom + halo) // multiple) * multiple)
    right = min(width, -(-(window.right + halo) // multiple) * multiple)
    return Window(top, left, bottom - top, right - left)


def read_planes(source: Source, window: Window, multiple: int) -> Pixels:
    """Return a window as float32 1 3 H W in [0, 1], its border repeated up to a multiple."""
    pixels = source.read(window)
    down, right = -window.height % multiple, -window.width % multiple
    if down or right:
        pixels = np.pad(pixels, ((0, down), (0, right), (0, 0)), mode="edge")
    planes = np.empty((1, 3, *pixels.shape[:2]), np.float32)
    white = np.float32(white_of(source.depth))
    for plane, channel in zip(planes[0], pixels.transpose(2, 0, 1), strict=True):
        np.divide(channel, white, out=plane)  # as `to_floats`, in one pass
    return planes
