"""Enlarge and reduce pictures without aliasing."""

import numpy as np
import numpy.typing as npt
from PIL import Image

FloatPicture = npt.NDArray[np.float32]  # H W 3, sRGB, [0, 1]


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


def reduce_bytes(rgb: npt.NDArray[np.uint8], long_side: int) -> FloatPicture:
    """Return uint8 pixels as float32 in [0, 1] with at most ``long_side`` pixels a side.

    Large factors are first taken by box averages on bytes, down to twice the final size or
    more; that is some ten times faster, and the rounding vanishes in the filter after it.
    """
    height, width = rgb.shape[:2]
    target = fit_long_side(height, width, min(long_side, max(height, width)))
    factor = max(height, width) // (2 * max(target))
    if factor > 1:
        box = (min(factor, width), min(factor, height))
        rgb = np.asarray(Image.fromarray(rgb).reduce(box))
    return resize(rgb.astype(np.float32) / np.float32(255), *target)
