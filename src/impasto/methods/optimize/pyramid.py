"""A picture at several sizes: what a loss network with few layers needs to see large strokes.

Each level is half the one before. Plain averaging of four pixels left a faint grid in what was
optimised through it; the wider filter does not.
"""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor
from torch.autograd.function import once_differentiable

KERNEL = (0.125, 0.375, 0.375, 0.125)  # binomial, centred between two pixels


class _Halved(torch.autograd.Function):
    """The filter, along columns and then along rows.

    A depthwise convolution on a CPU takes ten times as long, and the memory of eight pictures.
    """

    @staticmethod
    def forward(ctx: Any, padded: Tensor) -> Tensor:
        return _reduced(_reduced(padded, 2), 3)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> Tensor:
        return _spread(_spread(grad, 3), 2)


def halved(picture: Tensor) -> Tensor:
    """Return a picture (B C H W) at half size, rounded up, without aliases."""
    height, width = picture.shape[-2:]
    padded = F.pad(picture, (1, 1 + width % 2, 1, 1 + height % 2), mode="replicate")
    found: Tensor = _Halved.apply(padded)  # type: ignore[no-untyped-call]
    return found


def _reduced(x: Tensor, dim: int) -> Tensor:
    outer, inner, _, _ = KERNEL
    first, second, third, fourth = (_every_other(x, dim, start) for start in range(4))
    return (second + third).mul_(inner).add_(first, alpha=outer).add_(fourth, alpha=outer)


def _spread(grad: Tensor, dim: int) -> Tensor:
    """Return the gradient of what `_reduced` was given."""
    shape = list(grad.shape)
    shape[dim] = 2 * shape[dim] + 2
    result = grad.new_zeros(shape)
    for start, weight in enumerate(KERNEL):
        _every_other(result, dim, start).add_(grad, alpha=weight)
    return result


def _every_other(x: Tensor, dim: int, start: int) -> Tensor:
    """Return what one tap of the filter sees along a dimension: a view."""
    count = x.shape[dim] - 2
    return x[(slice(None),) * dim + (slice(start, start + count - 1, 2),)]


def pyramid(picture: Tensor, levels: int) -> list[Tensor]:
    """Return a picture (B C H W) and its halves, from fine to coarse."""
    result = [picture]
    for _ in range(levels - 1):
        result.append(halved(result[-1]))
    return result


def gathered(pictures: list[Tensor], gradients: list[Tensor]) -> Tensor:
    """Return the gradient of the finest picture, given those of every level of its pyramid.

    The levels' own gradients are taken one at a time and a channel at a time, so nothing of the
    pyramid is kept for it.
    """
    gradient = gradients[-1]
    for fine, own in zip(reversed(pictures[:-1]), reversed(gradients[:-1]), strict=True):
        planes = (torch.split(x, 1, 1) for x in (fine, own, gradient))
        for plane, total, above in zip(*planes, strict=True):
            leaf = plane.detach().requires_grad_()
            with torch.enable_grad():
                coarse = halved(leaf)
            total += torch.autograd.grad(coarse, leaf, above)[0]
        gradient = own
    return gradient
