"""Rows of a picture on their way into a file: checked, packed, cut to blocks, worked on."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from impasto.device.processor import usable_cores
from impasto.errors import OutputError
from impasto.images.samples import Samples, to_depth, white_of
from impasto.images.transparency import Blend, on_white
from impasto.images.window import Strip

BLOCK = 1 << 20  # bytes that are worked on at once; larger blocks compress no better
_MOST_CORES = 8  # more would hold more blocks than they save time

In = TypeVar("In")
Out = TypeVar("Out")


@dataclass(frozen=True)
class Layout:
    """The size of a picture in a file, its channels (4 with alpha) and its bits a sample."""

    height: int
    width: int
    channels: int
    depth: int

    @property
    def row_bytes(self) -> int:
        """Bytes of a row."""
        return self.width * self.channels * self.depth // 8

    @property
    def block_rows(self) -> int:
        """Rows of a block."""
        return max(1, BLOCK // self.row_bytes)


def pack(strips: Iterable[Strip], layout: Layout, blend: Blend = "gamma") -> Iterator[Samples]:
    """Yield the strips as the file holds them, h W C, a block's height at most at once.

    Raises:
        OutputError: a strip has another shape or kind, or there are too few or too many rows.
    """
    done = 0
    for strip in strips:
        _check(strip, layout)
        rows = strip.pixels.shape[0]
        done += rows
        if done > layout.height:
            raise OutputError(f"More than the {layout.height} rows of the picture were painted.")
        for top in range(0, rows, layout.block_rows):
            part = slice(top, top + layout.block_rows)
            alpha = None if strip.alpha is None else strip.alpha[part]
            yield _join(strip.pixels[part], alpha, layout, blend)
    if done < layout.height:
        raise OutputError(f"Only {done} of the {layout.height} rows of the picture were painted.")


def _check(strip: Strip, layout: Layout) -> None:
    for plane, shape in ((strip.pixels, (layout.width, 3)), (strip.alpha, (layout.width,))):
        if plane is None:
            continue
        if plane.dtype not in (np.uint8, np.uint16) or plane.shape[1:] != shape:
            needed, came = (" x ".join(map(str, sides)) for sides in (shape, plane.shape))
            raise OutputError(
                f"A strip of this picture needs uint8 or uint16 of h x {needed}, "
                f"not {plane.dtype} of {came}."
            )
    if strip.alpha is not None and strip.alpha.shape[0] != strip.pixels.shape[0]:
        raise OutputError("The alpha of a strip needs as many rows as its pixels.")


def _join(pixels: Samples, alpha: Samples | None, layout: Layout, blend: Blend) -> Samples:
    if alpha is not None and layout.channels == 3:
        deeper = max(pixels.dtype.itemsize, alpha.dtype.itemsize) * 8
        pixels = on_white(to_depth(pixels, deeper), to_depth(alpha, deeper), blend)
    pixels = to_depth(pixels, layout.depth)
    if layout.channels == 3:
        return pixels
    opaque = np.full(pixels.shape[:2], white_of(layout.depth), pixels.dtype)
    return np.dstack([pixels, opaque if alpha is None else to_depth(alpha, layout.depth)])


def regroup(parts: Iterable[Samples], rows: int) -> Iterator[Samples]:
    """Yield the same rows in blocks of exactly `rows`, the last one with what is left.

    >>> [len(block) for block in regroup([np.zeros(3), np.zeros(4)], 2)]
    [2, 2, 2, 1]
    """
    held: list[Samples] = []
    missing = rows
    for part in parts:
        while len(part) >= missing:
            yield np.concatenate([*held, part[:missing]]) if held else part[:missing]
            held, part, missing = [], part[missing:], rows
        if len(part):
            held.append(part.copy())  # its giver may use the memory again
            missing -= len(part)
    if held:
        yield np.concatenate(held)


def in_order(work: Callable[[In], Out], items: Iterable[In]) -> Iterator[Out]:
    """Yield the results of work on each item, in order, several computed at once.

    >>> list(in_order(abs, [-2, 1]))
    [2, 1]
    """
    cores = min(usable_cores(), _MOST_CORES)
    waiting: deque[Future[Out]] = deque()
    with ThreadPoolExecutor(cores) as pool:
        for item in items:
            waiting.append(pool.submit(work, item))
            if len(waiting) > 2 * cores:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
