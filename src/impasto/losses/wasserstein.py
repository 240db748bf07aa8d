"""Optimal transport: how far one distribution of features must be moved to become another."""

from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

from impasto.features.statistics import Moments
from impasto.losses.style import mean_loss, total_variance

RIDGE = 1e-5  # of the style's mean variance: channels that are dead or equal have no square root


class W2Target:
    """A style whose matrix square root is taken once; call it with what was painted.

    The loss is the squared 2-Wasserstein distance of Gaussians over the style's total variance:
    |m - m*|^2 + tr(C + C* - 2 (C*^1/2 C C*^1/2)^1/2). A flat picture of the style's mean has 1.
    The style takes no gradient. Square roots are taken in float64: their eigenvalues span twice the
    digits of the covariance's, and float32 has too few.
    """

    def __init__(self, style: Moments) -> None:
        self.style = Moments(style.mean.detach(), style.covariance.detach())
        self.scale = total_variance(self.style)
        self._ridge = RIDGE * self.scale / style.mean.shape[1]
        covariance = self._with_ridge(self.style.covariance)
        values, vectors = torch.linalg.eigh(covariance)
        values = torch.maximum(values, _exact(self._ridge)[:, None])
        self._trace = values.sum(1)
        self._root = (vectors * values.sqrt()[:, None, :]) @ vectors.mT

    def __call__(self, painted: Moments) -> Tensor:
        """Return the normalised loss, averaged over the pictures."""
        return mean_loss(painted, self.style) + (self.bures(painted) / self.scale).mean()

    def bures(self, painted: Moments) -> Tensor:
        """Return the distance's second half, that of covariances, B; not normalised."""
        covariance = self._with_ridge(painted.covariance)
        trace = covariance.diagonal(dim1=1, dim2=2).sum(1)
        least = _exact(self._ridge).square()
        overlap = _RootTrace.apply(covariance, self._root, least)  # type: ignore[no-untyped-call]
        found: Tensor = (trace + self._trace - 2 * overlap).to(painted.covariance)
        return found

    def _with_ridge(self, covariance: Tensor) -> Tensor:
        eye = torch.eye(covariance.shape[1], dtype=torch.float64)
        exact = _exact(covariance)
        return exact + eye.to(exact) * _exact(self._ridge)[:, None, None]


def w2_loss(painted: Moments, style: Moments) -> Tensor:
    """Squared 2-Wasserstein distance of Gaussians over the style's total variance: `W2Target`.

    For one style and many steps keep the target, which saves half the work.
    """
    return W2Target(style)(painted)


class _RootTrace(torch.autograd.Function):
    """tr (S C S)^1/2 with its known gradient, S (S C S)^-1/2 S / 2.

    The gradient of an eigendecomposition is infinite where eigenvalues are equal, as those of dead
    channels are; that of the trace is not.
    """

    @staticmethod
    def forward(ctx: Any, covariance: Tensor, root: Tensor, least: Tensor) -> Tensor:
        inner = root @ covariance @ root
        values, vectors = torch.linalg.eigh((inner + inner.mT) / 2)
        values = torch.maximum(values, least[:, None])  # by rounding the smallest can be negative
        ctx.save_for_backward(root @ vectors * values[:, None, :] ** -0.25)
        return values.sqrt().sum(1)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor, None, None]:
        (half,) = ctx.saved_tensors
        return grad[:, None, None] / 2 * (half @ half.mT), None, None


def _exact(x: Tensor) -> Tensor:
    # Apple's GPUs have no float64
    return x.to("cpu" if x.device.type == "mps" else x.device, torch.float64)
