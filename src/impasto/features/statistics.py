"""Statistics of features; features are B C H W, sums run over the pixels."""

from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

CHUNK = 1024  # rows whose products are summed in half precision
VARIANCE_FLOOR = 1e-5  # keeps the standard deviation's gradient finite on flat pictures


def exact_dtype(x: Tensor) -> torch.dtype:
    """Return the number format that sums are taken in: float32, or that of `x` if it is wider."""
    return torch.promote_types(x.dtype, torch.float32)


class Moments(NamedTuple):
    """First and second moments of features, at least in float32."""

    mean: Tensor  # B C
    covariance: Tensor  # B C C; or B C, its diagonal alone

    @property
    def variance(self) -> Tensor:
        """Variance of each channel, B C."""
        full = self.covariance.ndim == 3
        return self.covariance.diagonal(dim1=1, dim2=2) if full else self.covariance

    @property
    def std(self) -> Tensor:
        """Standard deviation of each channel, B C."""
        return (self.variance.clamp_min(0) + VARIANCE_FLOOR).sqrt()

    @property
    def second(self) -> Tensor:
        """Raw second moment, of the covariance's shape; if B C C, the Gram matrix per pixel."""
        if self.covariance.ndim == 2:
            return self.covariance + self.mean.square()
        return self.covariance + self.mean[:, :, None] * self.mean[:, None, :]


class Sums(NamedTuple):
    """Weighted sums of features over pixels; the sums of parts add up to those of the whole."""

    weight: Tensor  # B
    first: Tensor  # B C
    second: Tensor  # B C C; or B C, its diagonal alone

    def moments(self) -> Moments:
        """Return mean and covariance; all 0 where nothing was summed."""
        count = self.weight.clamp_min(1e-12)
        mean = self.first / count[:, None]
        if self.second.ndim == 2:
            return Moments(mean, self.second / count[:, None] - mean.square())
        outer = mean[:, :, None] * mean[:, None, :]
        return Moments(mean, self.second / count[:, None, None] - outer)


class _Sums(torch.autograd.Function):
    """First and second sums in one function: its backward pass is one matrix product.

    Autograd's own composition reads and writes the features many times more often, and on a CPU
    that traffic cost more than the loss network's convolutions.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor | None) -> tuple[Tensor, Tensor]:
        rows = x.permute(0, 2, 3, 1).flatten(1, 2)  # B N C, a view when channels come last
        scale = None if weight is None else weight.flatten(1)[..., None].to(x.dtype)
        ctx.save_for_backward(rows, *(() if scale is None else (scale,)))
        ctx.shape = x.shape
        weighed = rows if scale is None else rows * scale
        return column_sums(weighed), cross_product(weighed, rows)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_first: Tensor, grad_second: Tensor) -> tuple[Tensor, None]:
        rows, *scale = ctx.saved_tensors
        height, width = ctx.shape[2:]
        weight = (grad_second + grad_second.mT).to(rows.dtype)
        grad = torch.baddbmm(grad_first[:, None, :].to(rows.dtype), rows, weight)
        if scale:
            grad *= scale[0]
        return grad.view(-1, height, width, grad.shape[2]).permute(0, 3, 1, 2), None


def column_sums(rows: Tensor) -> Tensor:
    """Return the sum of B N C over N, at least in float32; in half precision as `cross_product`.

    There a plain sum takes ten times as long as the product with ones.
    """
    if rows.dtype == exact_dtype(rows):
        return rows.sum(1)
    return cross_product(rows, rows.new_ones(1).expand(*rows.shape[:2], 1))[..., 0]


def cross_product(a: Tensor, b: Tensor) -> Tensor:
    """Return a^T b of B N C tensors, at least in float32.

    In half precision it is taken in chunks, whose roundings cancel: as fast as one product, and
    several times as exact.
    """
    exact = exact_dtype(a)
    if a.dtype == exact:
        return torch.bmm(a.mT, b)
    chunks = a.shape[1] // CHUNK
    fit = chunks * CHUNK
    result = torch.bmm(a[:, fit:].to(exact).mT, b[:, fit:].to(exact))
    if chunks:
        left, right = (t[:, :fit].reshape(-1, CHUNK, t.shape[2]) for t in (a, b))
        result += torch.bmm(left.mT, right).view(-1, chunks, *result.shape[1:]).sum(1, dtype=exact)
    return result


def sums(
    x: Tensor, weight: Tensor | None = None, *, diagonal: bool = False, precise: bool = False
) -> Sums:
    """Return weighted sums over the pixels of each picture's features (B C H W).

    Args:
        weight: B H W, constant; without it every pixel counts 1.
        diagonal: of the second moments only those of each channel with itself, B C.
        precise: sum features in half precision in float32, several times slower, where rounding
            must not make covariances indefinite.
    """
    exact = exact_dtype(x)
    x = x.to(exact) if precise else x
    if weight is None:
        total = x.new_full((x.shape[0],), float(x.shape[2] * x.shape[3]), dtype=exact)
    else:
        total = weight.sum((1, 2), dtype=exact)
    first, second = _Sums.apply(x, weight)  # type: ignore[no-untyped-call]
    # Taking the diagonal of all products is quicker than squares and sums over all features.
    return Sums(total, first, second.diagonal(dim1=1, dim2=2) if diagonal else second)


def moments(x: Tensor) -> Moments:
    """Return mean and covariance over the pixels of each picture's features (B C H W)."""
    return sums(x).moments()


def gram_matrix(x: Tensor) -> Tensor:
    """Return the Gram matrix divided by the number of pixels, B C C (Gatys et al. 2016).

    >>> gram_matrix(torch.ones(1, 2, 3, 4))
    tensor([[[1., 1.],
             [1., 1.]]])
    """
    found = sums(x)
    return found.second / found.weight[:, None, None]


def instance_normalized(x: Tensor) -> Tensor:
    """Return features with mean 0 and standard deviation 1 per picture and channel."""
    x = x.to(exact_dtype(x))
    variance, mean = torch.var_mean(x, (2, 3), correction=0, keepdim=True)
    return (x - mean) * (variance + VARIANCE_FLOOR).rsqrt()
