"""Blocks of a picture that together give exactly what the whole gives.

A block owns the features whose place lies in its inner window, and sees as far around it as a
feature depends on. So its own features are those of the whole picture, every feature belongs to one
block, and sums over features, and their gradients, add up.

The picture has a margin: the encoders' zero padding would otherwise be painted as a frame.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

from impasto.images.window import Window

MARGIN = 8  # pixels mirrored around the picture; most of what a feature sees lies that near


@dataclass(frozen=True)
class Block:
    """The window whose features it owns, and the wider one that they depend on.

    Both lie in the picture with its margin.
    """

    inner: Window
    outer: Window
    margin: int

    def cut(self, padded: Tensor) -> Tensor:
        """Return the pixels (B C H W) that the block sees."""
        return padded[..., *self.outer.slices]

    def owned(self, features: Tensor, stride: int) -> Tensor:
        """Return those of the features (B C h w) of the outer window that the block owns."""
        top = (self.inner.top - self.outer.top) // stride
        left = (self.inner.left - self.outer.left) // stride
        rows, columns = self.extent(stride)
        cut: Tensor = _Cut.apply(features, top, left, rows, columns)  # type: ignore[no-untyped-call]
        return cut

    def owned_with_next(self, seen: Tensor) -> Tensor:
        """Return its own pixels and a row and column more, of those (B C H W) it sees."""
        top, left = self.inner.top - self.outer.top, self.inner.left - self.outer.left
        return seen[..., top : top + self.inner.height + 1, left : left + self.inner.width + 1]

    def extent(self, stride: int) -> tuple[int, int]:
        """Return how many rows and columns of features the block owns."""
        return -(-self.inner.height // stride), -(-self.inner.width // stride)

    def place(self, stride: int) -> tuple[int, int]:
        """Return row and column of its first feature among all that are owned."""
        return (self.inner.top - self.margin) // stride, (self.inner.left - self.margin) // stride

    def part(self, plane: Tensor, stride: int) -> Tensor:
        """Return the block's own part of features (... h w) of the whole picture."""
        (top, left), (rows, columns) = self.place(stride), self.extent(stride)
        return plane[..., top : top + rows, left : left + columns]


class _Cut(torch.autograd.Function):
    """A slice of rows and columns, its gradient padded at once where autograd takes two passes."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, top: int, left: int, rows: int, columns: int) -> Tensor:
        ctx.around = left, x.shape[3] - left - columns, top, x.shape[2] - top - rows
        return x[..., top : top + rows, left : left + columns]

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None, None, None]:
        return F.pad(gradient, ctx.around), None, None, None, None


def with_margin(picture: Tensor, margin: int) -> Tensor:
    """Return a picture (B C H W) mirrored outwards by `margin`, or continued where it is tiny."""
    mode = "reflect" if min(picture.shape[2:]) > margin else "replicate"
    return F.pad(picture, (margin,) * 4, mode=mode)


def margin_for(multiple: int) -> int:
    """Return the margin for features of at most this stride.

    >>> margin_for(4), margin_for(16)
    (8, 16)
    """
    return max(MARGIN, multiple)


def blocks(height: int, width: int, *, side: int, reach: int, multiple: int) -> Iterator[Block]:
    """Yield the blocks of a picture, of `side` pixels or less; one where the picture is that small.

    Args:
        height: of the picture without its margin, in pixels.
        width: of the picture without its margin.
        side: of a block's inner window, at most.
        reach: pixels that a feature depends on to each side.
        multiple: the largest stride of a feature; blocks begin at multiples of it.
    """
    margin = margin_for(multiple)
    if height * width <= side * side:
        outer = Window(0, 0, height + 2 * margin, width + 2 * margin)
        yield Block(Window(margin, margin, height, width), outer, margin)
        return
    side = max(multiple, side // multiple * multiple)
    around = -(-reach // multiple) * multiple + multiple
    for top in range(margin, margin + height, side):
        for left in range(margin, margin + width, side):
            inner = Window(
                top, left, min(side, margin + height - top), min(side, margin + width - left)
            )
            first = max(0, top - around), max(0, left - around)
            bottom = min(height + 2 * margin, inner.bottom + around)
            right = min(width + 2 * margin, inner.right + around)
            yield Block(inner, Window(*first, bottom - first[0], right - first[1]), margin)
