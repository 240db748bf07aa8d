"""Paint a prepared picture from top to bottom, tile by tile, and tell how far it is."""

import time
from collections.abc import Callable, Iterator

import numpy as np

from impasto.device.progress import OnProgress, Progress
from impasto.images.samples import Samples, to_depth, to_samples
from impasto.images.window import Strip, Window
from impasto.methods.base import Painter

# Large tiles waste less on their halo than small ones gain from the cache: see docs/sizes.md.
TILE = 2048  # pixels a side at most
STRIP = 64 << 20  # bytes of a finished strip at most, however wide the picture


def painted_strips(
    painter: Painter, depth: int, on_progress: OnProgress | None = None, *, tile: int | None = None
) -> Iterator[Strip]:
    """Yield a painting from top to bottom at 8 or 16 bits, at most 64 MB at once.

    Args:
        depth: 8 for strips of uint8, 16 for uint16; alpha passes through at the picture's own.
        on_progress: called after each tile; what it raises ends the work.
        tile: side of a tile in pixels; any size paints the same picture, within 1/255.
    """
    source = painter.source
    height, width = source.height, source.width
    side = tile or TILE
    rows = tile or rows_of(width, depth)
    count = -(-height // rows) * -(-width // side)
    tell = _teller(count, on_progress)
    for top in range(0, height, rows):
        band = Window(top, 0, min(rows, height - top), width)
        pixels = np.empty((band.height, width, 3), np.uint8 if depth == 8 else np.uint16)
        for left in range(0, width, side):
            window = Window(top, left, band.height, min(side, width - left))
            pixels[:, left : left + window.width] = to_samples(painter.paint(window), depth)
            tell()
        yield Strip(pixels, source.alpha(band))


def rows_of(width: int, depth: int) -> int:
    """Return how many rows of a picture are painted at once.

    >>> rows_of(3840, 8), rows_of(32768, 16)
    (2048, 336)
    """
    fit = STRIP // (width * 3 * depth // 8)
    return int(min(TILE, max(8, fit // 8 * 8)))


def painted_whole(painter: Painter, depth: int, on_progress: OnProgress | None = None) -> Samples:
    """Return a painting of H W 3, or H W 4 where the picture has alpha, uint8 or uint16 by depth.

    It is painted as by `painted_strips`; only the result is in memory whole.
    """
    source = painter.source
    channels = 4 if source.has_alpha else 3
    kind = np.uint8 if depth == 8 else np.uint16
    canvas: Samples = np.empty((source.height, source.width, channels), kind)
    top = 0
    for strip in painted_strips(painter, depth, on_progress):
        rows = canvas[top : top + len(strip.pixels)]
        rows[..., :3] = strip.pixels
        if strip.alpha is not None:
            rows[..., 3] = to_depth(strip.alpha, depth)
        top += len(rows)
    return canvas


def _teller(total: int, on_progress: OnProgress | None) -> Callable[[], None]:
    """Return what counts tiles and tells how far the painting is."""
    begun, done = time.monotonic(), 0

    def tell() -> None:
        nonlocal done
        done += 1
        if on_progress is not None:
            left = (time.monotonic() - begun) / done * (total - done)
            on_progress(Progress("tile", done, total, left))

    return tell
