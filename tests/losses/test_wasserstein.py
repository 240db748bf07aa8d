"""The Wasserstein distance of Gaussians against closed forms and scipy."""

import numpy as np
import pytest
import torch
from scipy.linalg import sqrtm
from torch import Tensor

from impasto.features.statistics import Moments, moments
from impasto.losses.wasserstein import W2Target, w2_loss


def features(seed: int, channels: int = 4) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(2, channels, 5, 6, dtype=torch.float64, generator=generator)


def test_a_style_has_no_distance_to_itself() -> None:
    one = moments(features(0))
    assert abs(float(w2_loss(one, one))) < 1e-9
    assert abs(float(w2_loss(moments(features(0).float()), moments(features(0).float())))) < 1e-5


def test_distance_of_independent_channels_is_that_of_means_and_deviations() -> None:
    mean = torch.tensor([[1.0, 2, 3]]), torch.tensor([[1.5, 2, 1]])
    std = torch.tensor([[1.0, 0.5, 2]]), torch.tensor([[2.0, 0.5, 1]])
    one, other = (Moments(m, torch.diag_embed(s.square())) for m, s in zip(mean, std, strict=True))
    expected = ((mean[0] - mean[1]).square() + (std[0] - std[1]).square()).sum()
    found = w2_loss(one, other) * std[1].square().sum()
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=0)


def test_covariances_have_the_distance_that_scipy_finds() -> None:
    one, other = moments(features(0)), moments(features(1))
    found = W2Target(other).bures(one)
    for a, b, distance in zip(*(x.numpy() for x in (one[1], other[1], found)), strict=True):
        root = sqrtm(b)
        expected = np.trace(a + b - 2 * sqrtm(root @ a @ root).real)
        assert distance == pytest.approx(expected, rel=1e-3)


def test_distance_is_symmetric() -> None:
    one, other = moments(features(0)), moments(features(1))
    torch.testing.assert_close(
        W2Target(one).bures(other), W2Target(other).bures(one), rtol=1e-3, atol=0
    )


def test_a_flat_picture_of_the_right_color_has_one() -> None:
    style = moments(features(0))
    flat = Moments(style.mean, torch.zeros_like(style.covariance))
    assert float(w2_loss(flat, style)) == pytest.approx(1, abs=0.02)


def test_gradients_are_right() -> None:
    target = W2Target(moments(features(1)))
    x = features(0).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: target(moments(t)), x)


def test_one_style_serves_several_pictures() -> None:
    painted, style = moments(features(0)), moments(features(1)[:1])
    each = [w2_loss(Moments(m[None], c[None]), style) for m, c in zip(*painted, strict=True)]
    torch.testing.assert_close(w2_loss(painted, style), torch.stack(each).mean())


def dead(x: Tensor) -> Tensor:
    """Half of the channels are 0, and two of the others are equal, as ReLU leaves them."""
    return torch.cat([x[:, :3], x[:, :1], torch.zeros_like(x)], 1)


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_dead_and_equal_channels_have_finite_and_useful_gradients(scale: float) -> None:
    wanted = moments(dead(features(1).float()) * scale)
    flat = torch.full((2, 8, 5, 6), 0.3 * scale)
    noise = 1e-3 * scale * torch.randn(2, 8, 5, 6, generator=torch.Generator().manual_seed(0))
    for start in (dead(features(0).float() * scale), flat, 0 * flat, flat + noise):
        for target in (wanted, moments(flat), moments(0 * flat)):
            x = start.clone().requires_grad_()
            value = w2_loss(moments(x), target)
            (slope,) = torch.autograd.grad(value, x)
            assert torch.isfinite(value) and value > -1e-4 and torch.isfinite(slope).all()
    before = w2_loss(moments(flat + noise), wanted)
    x = (flat + noise).requires_grad_()
    (slope,) = torch.autograd.grad(w2_loss(moments(x), wanted), x)
    step = 0.05 * scale * slope / slope.abs().max()
    assert w2_loss(moments(x.detach() - step), wanted) < before


def test_covariances_that_rounding_made_indefinite_do_no_harm() -> None:
    style = moments(dead(features(0).float()))
    rough = Moments(style.mean, style.covariance - 1e-3 * torch.eye(8))
    painted = Moments(style.mean, rough.covariance.clone().requires_grad_())
    value = w2_loss(painted, rough)
    (slope,) = torch.autograd.grad(value, painted.covariance)
    assert torch.isfinite(value) and torch.isfinite(slope).all()
