"""Regions by pixels: paint each style by itself, then blend by the masks. Works with any method."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from impasto.images.samples import to_floats
from impasto.images.source import Source
from impasto.images.window import Window
from impasto.methods.base import Painter, Pixels, Region, Stylizer
from impasto.styles.style import Style


def shares(regions: Sequence[Region], window: Window, height: int, width: int) -> Pixels:
    """Return what belongs to whom, float32 1+R h w: the ground first; 1 in sum everywhere.

    Where regions overlap to more than 1 they are divided by their sum.
    """
    result = np.empty((1 + len(regions), window.height, window.width), np.float32)
    for share, region in zip(result[1:], regions, strict=True):
        share[:] = np.float32(region.weight) * region.mask.read(window, height, width)
    total = result[1:].sum(0)
    result[1:] /= np.maximum(total, 1)
    result[0] = 1 - np.minimum(total, 1)
    return result


@dataclass(frozen=True)
class Photo:
    """A painter that leaves the photo as it is."""

    source: Source

    def paint(self, window: Window) -> Pixels:
        """Return the photo's window, float32 h w 3, RGB in [0, 1]."""
        return to_floats(self.source.read(window))


@dataclass(frozen=True)
class CompositePainter:
    """Painters of one picture, the ground's first, blended pixel by pixel."""

    painters: Sequence[Painter]
    regions: Sequence[Region]

    @property
    def source(self) -> Source:
        """The picture that is painted."""
        return self.painters[0].source

    def paint(self, window: Window) -> Pixels:
        """Return the blended window, float32 h w 3, RGB in [0, 1]; who has no share rests."""
        parts = shares(self.regions, window, self.source.height, self.source.width)
        result = np.zeros((window.height, window.width, 3), np.float32)
        for share, painter in zip(parts, self.painters, strict=True):
            if share.any():
                result += share[..., None] * painter.paint(window)
        return result


@dataclass(frozen=True)
class Composite:
    """Regions for a method that has none: each is a whole painting, cut out by its mask."""

    inner: Stylizer

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter of all regions on the ground of `style`."""
        ground = self.inner.prepare(source, style)
        if not regions:
            return ground
        others = [Photo(source) if r.style is None else self.inner.prepare(source, r.style)
                  for r in regions]  # fmt: skip
        return CompositePainter([ground, *others], regions)


@dataclass(frozen=True)
class KeepPhoto:
    """Lay the regions that stay photo over everything else, also over what other wrappers change.

    So it belongs outermost.
    """

    inner: Stylizer

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return a painter that leaves the photo in all regions without a style."""
        kept = [region for region in regions if region.style is None]
        painter = self.inner.prepare(source, style, [r for r in regions if r.style is not None])
        return (
            CompositePainter([painter, *(Photo(source) for _ in kept)], kept) if kept else painter
        )
