"""Statistics of features; features are B C H W, sums run over the pixels."""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

VARIANCE_FLOOR = 1e-5  # keeps the standard deviation's gradient finite on flat pictures


class Moments(NamedTuple):
    """First and second moments of features, at least in float32."""

    mean: Tensor  # B C
    covariance: Tensor  # B C C

    @property
    def std(self) -> Tensor:
        """Standard deviation of each channel, B C."""
        variance = self.covariance.diagonal(dim1=1, dim2=2)
        return (variance.clamp_min(0) + VARIANCE_FLOOR).sqrt()


class _Sums(torch.autograd.Function):
    """Mean and raw second moment in one function: its backward pass is one matrix product.

    Autograd's own composition reads and writes the features many times more often, and on a CPU
    that traffic cost more than the loss network's convolutions.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> tuple[Tensor, Tensor]:
        rows = x.permute(0, 2, 3, 1).flatten(1, 2)  # B N C, a view when channels come last
        ctx.save_for_backward(rows)
        ctx.shape = x.shape
        exact = torch.promote_types(x.dtype, torch.float32)
        second = torch.bmm(rows.mT, rows).to(exact) / rows.shape[1]
        return rows.mean(1).to(exact), second

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_mean: Tensor, grad_second: Tensor) -> Tensor:
        (rows,) = ctx.saved_tensors
        height, width = ctx.shape[2:]
        count = rows.shape[1]
        weight = ((grad_second + grad_second.mT) / count).to(rows.dtype)
        offset = (grad_mean / count)[:, None, :].to(rows.dtype)
        grad = torch.baddbmm(offset, rows, weight)
        return grad.view(-1, height, width, grad.shape[2]).permute(0, 3, 1, 2)


def moments(x: Tensor) -> Moments:
    """Return mean and covariance over the pixels of each picture's features (B C H W)."""
    mean, second = _Sums.apply(x)  # type: ignore[no-untyped-call]
    return Moments(mean, second - mean[:, :, None] * mean[:, None, :])


def gram_matrix(x: Tensor) -> Tensor:
    """Return the Gram matrix divided by the number of pixels, B C C (Gatys et al. 2016).

    >>> gram_matrix(torch.ones(1, 2, 3, 4))
    tensor([[[1., 1.],
             [1., 1.]]])
    """
    second: Tensor = _Sums.apply(x)[1]  # type: ignore[no-untyped-call]
    return second


def instance_normalized(x: Tensor) -> Tensor:
    """Return features with mean 0 and standard deviation 1 per picture and channel."""
    x = x.to(torch.promote_types(x.dtype, torch.float32))
    variance, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
    return (x - mean) * (variance + VARIANCE_FLOOR).rsqrt()
