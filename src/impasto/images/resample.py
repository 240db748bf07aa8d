"""Windows of a picture at another size, with the same numbers in every window, bit for bit.

Pillow resizes windows too, but rounds where they lie to float32. A network in half precision makes
a visible step of that.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from impasto.images.window import Window

Floats = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Read = Callable[[Window], Floats]

_READ = 1 << 22  # pixels that are read at once, if eight rows of the result need no more
_BLOCK = 1 << 15  # numbers that are made at once: what fits into the cache


@dataclass(frozen=True)
class Kernel:
    """A filter: how much a pixel counts by its distance, which is never more than ``reach``."""

    reach: int
    weigh: Callable[[Doubles], Doubles]


def _triangle(x: Doubles) -> Doubles:
    return np.maximum(1 - abs(x), 0)


def _cubic(x: Doubles) -> Doubles:
    x = abs(x)  # Keys 1981, a = -1/2
    near, far = (1.5 * x - 2.5) * x * x + 1, ((2.5 - 0.5 * x) * x - 4) * x + 2
    return np.where(x < 1, near, np.where(x < 2, far, 0))


def _windowed_sinc(x: Doubles) -> Doubles:
    return np.where(abs(x) < 3, np.sinc(x) * np.sinc(x / 3), 0)


BILINEAR = Kernel(1, _triangle)
BICUBIC = Kernel(2, _cubic)
LANCZOS = Kernel(3, _windowed_sinc)


def read_scaled(
    read: Read,
    height: int,
    width: int,
    target: tuple[int, int],
    window: Window,
    kernel: Kernel = LANCZOS,
) -> Floats:
    """Return a window of a picture as it is after resizing the whole, float32 h w C, not clipped.

    Args:
        read: gives float windows, h w C or h w, of the picture; called from top to bottom.
        height: rows of the picture.
        width: its columns.
        target: height and width after resizing.
        window: in the resized picture.
        kernel: the filter, widened against aliasing where it reduces.
    """
    across = _Line.of(window.left, window.right, target[1], width, kernel)
    rows = max(8, _READ * target[0] // (height * across.count))
    bands = []
    for top in range(window.top, window.bottom, rows):
        down = _Line.of(top, min(top + rows, window.bottom), target[0], height, kernel)
        pixels = read(Window(down.first, across.first, down.count, across.count))
        wide = across.combined(pixels.swapaxes(0, 1)).swapaxes(0, 1)
        bands.append(down.combined(wide))
    return np.concatenate(bands)


@dataclass(frozen=True, eq=False)
class _Line:
    """How pixels along a line are made of those of another line: of which, and how much of each."""

    weights: Floats  # taps n
    taps: npt.NDArray[np.int64]  # taps n, counted from the first
    first: int
    count: int

    @classmethod
    def of(cls, start: int, stop: int, size: int, cells: int, kernel: Kernel) -> "_Line":
        """Return how `cells` pixels make pixels `start` to `stop` of a line of `size`."""
        scale = cells / size
        stretch = max(1.0, scale)
        reach = kernel.reach * stretch
        centers = (np.arange(start, stop) + 0.5) * scale - 0.5
        taps = np.arange(int(2 * reach) + 1)[:, None] + np.ceil(centers - reach).astype(np.int64)
        weights = kernel.weigh((taps - centers) / stretch)
        weights[(taps < 0) | (taps >= cells)] = 0
        weights /= sum(weights)  # one by one: NumPy's sum may add in another order in a window
        taps = taps.clip(0, cells - 1)
        first = int(taps.min())
        return cls(weights.astype(np.float32), taps - first, first, int(taps.max()) + 1 - first)

    def combined(self, lines: npt.NDArray[Any]) -> Floats:
        """Return the weighted sums of lines, float32 count ... in, n ... out."""
        flat = np.ascontiguousarray(lines).reshape(len(lines), -1)
        result = np.zeros((self.taps.shape[1], flat.shape[1]), np.float32)
        step = max(1, _BLOCK // flat.shape[1])
        for start in range(0, len(result), step):
            part = slice(start, start + step)
            for tap, weight in zip(self.taps[:, part], self.weights[:, part], strict=True):
                taken = flat[tap]
                taken *= weight[:, None]
                result[part] += taken
        return result.reshape(-1, *lines.shape[1:])
