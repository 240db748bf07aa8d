"""Enlarge and reduce pictures without aliasing."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from PIL import Image

from impasto.images.samples import Samples, to_floats
from impasto.images.window import Window

FloatPicture = npt.NDArray[np.float32]  # H W 3, sRGB, [0, 1]

_ROWS = 256  # reduced at once


def fit_long_side(height: int, width: int, long_side: int) -> tuple[int, int]:
    """Return the height and width of the same shape whose longer side is ``long_side``.

    >>> fit_long_side(3000, 4000, 512)
    (384, 512)
    >>> fit_long_side(1, 10_000, 100)
    (1, 100)
    """
    scale = long_side / max(height, width)
    return max(1, round(height * scale)), max(1, round(width * scale))


def resize(rgb: FloatPicture, height: int, width: int) -> FloatPicture:
    """Return the picture at another size, by Lanczos' filter widened against aliasing.

    Float32, H W C in and out; clipped to [0, 1] because the filter overshoots at edges.

    >>> resize(np.full((4, 6, 3), 0.5, np.float32), 2, 3).shape
    (2, 3, 3)
    """
    if rgb.shape[:2] == (height, width):
        return rgb
    result = np.empty((height, width, rgb.shape[2]), np.float32)
    for channel in range(rgb.shape[2]):
        plane = Image.fromarray(np.ascontiguousarray(rgb[..., channel], np.float32))
        resized = plane.resize((width, height), Image.Resampling.LANCZOS)
        result[..., channel] = np.asarray(resized)
    return np.clip(result, 0, 1, out=result)


def reduce_rows(
    read: Callable[[Window], Samples], height: int, width: int, long_side: int
) -> FloatPicture:
    """Return a picture as float32 in [0, 1] with at most ``long_side`` pixels a side.

    It is read once, in strips from top to bottom. Large factors are first taken by box averages,
    down to twice the final size or more; that is some ten times faster, and in 8 bits the rounding
    vanishes in the filter after it.

    Args:
        read: gives the pixels, H W 3, of a window that is as wide as the picture.
        height: rows of the picture.
        width: its columns.
        long_side: of the result; pictures are never enlarged.
    """
    target = fit_long_side(height, width, min(long_side, max(height, width)))
    factor = max(1, max(height, width) // (2 * max(target)))
    box = (min(factor, width), min(factor, height))
    rows = -(-_ROWS // box[1]) * box[1]
    # One array for all: small ones between large strips would keep freed memory from reuse.
    boxed = np.empty((-(-height // box[1]), -(-width // box[0]), 3), np.float32)
    for top in range(0, height, rows):
        strip = _boxed(read(Window(top, 0, min(rows, height - top), width)), box)
        boxed[top // box[1] :][: len(strip)] = strip
    return resize(boxed, *target)


def _boxed(samples: Samples, box: tuple[int, int]) -> FloatPicture:
    if box == (1, 1):
        return to_floats(samples)
    if samples.dtype == np.uint8:
        return to_floats(np.asarray(Image.fromarray(samples).reduce(box)))
    planes = [Image.fromarray(to_floats(samples[..., channel])) for channel in range(3)]
    return np.stack([np.asarray(plane.reduce(box)) for plane in planes], axis=-1)
