"""Style losses are 0 for a perfect match, positive otherwise, and have right gradients."""

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

from impasto.features.statistics import Moments, moments
from impasto.losses import style
from impasto.losses.style import (
    covariance_and_mean_loss,
    covariance_loss,
    gatys_loss,
    gram_loss,
    mean_loss,
    moment_loss,
    nearest_neighbor_loss,
    quantile_loss,
    sliced_wasserstein_loss,
)

Loss = Callable[[Moments, Moments], Tensor]
NORMALISED = [gram_loss, moment_loss, mean_loss, covariance_loss, covariance_and_mean_loss]
LOSSES = pytest.mark.parametrize("loss", [*NORMALISED, gatys_loss])


def features(seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(2, 4, 5, 6, dtype=torch.float64, generator=generator)


def samples(count: int, seed: int, channels: int = 3) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(count, channels, dtype=torch.float64, generator=generator)


def directed(painted: Tensor, other: Tensor) -> Tensor:
    return sliced_wasserstein_loss(painted, other, samples(5, 9))


SAMPLED = pytest.mark.parametrize("loss", [directed, nearest_neighbor_loss])


@LOSSES
def test_losses_are_zero_for_equal_moments_only(loss: Loss) -> None:
    one, other = moments(features(0)), moments(features(1))
    assert loss(one, one) == 0
    assert loss(one, other) > 0


@LOSSES
def test_losses_do_not_see_where_things_are(loss: Loss) -> None:
    x = features(0)
    assert loss(moments(x.flip(2)), moments(x)) < 1e-12


@LOSSES
def test_losses_have_right_gradients(loss: Loss) -> None:
    wanted = moments(features(1))
    x = features(0).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: loss(moments(t), wanted), x)


@pytest.mark.parametrize("loss", NORMALISED)
def test_contrast_does_not_change_normalised_losses(loss: Loss) -> None:
    one, other = features(0), features(1)
    plain = loss(moments(one), moments(other))
    torch.testing.assert_close(
        loss(moments(100 * one), moments(100 * other)), plain, rtol=1e-3, atol=0
    )


@LOSSES
def test_flat_pictures_have_finite_losses_and_gradients(loss: Loss) -> None:
    wanted = moments(features(1).float())
    flat = torch.full((2, 4, 5, 6), 0.3)
    for target in (wanted, moments(flat), moments(0 * flat)):
        x = flat.clone().requires_grad_()
        value = loss(moments(x), target)
        (slope,) = torch.autograd.grad(value, x)
        assert torch.isfinite(value) and torch.isfinite(slope).all()


def test_loss_is_one_where_there_is_nothing() -> None:
    wanted = moments(features(1))
    nothing = Moments(torch.zeros_like(wanted.mean), torch.zeros_like(wanted.covariance))
    flat = Moments(wanted.mean, torch.zeros_like(wanted.covariance))
    torch.testing.assert_close(float(gram_loss(nothing, wanted)), 1.0)
    torch.testing.assert_close(float(covariance_and_mean_loss(flat, wanted)), 1.0)


def test_gatys_loss_is_the_mean_squared_difference_of_gram_matrices() -> None:
    ones, zeros = moments(torch.ones(1, 3, 5, 7)), moments(torch.zeros(1, 3, 5, 7))
    assert gatys_loss(ones, zeros) == 1
    assert gatys_loss(moments(2 * torch.ones(1, 3, 5, 7)), zeros) == 16


def test_mean_loss_is_what_the_covariance_does_not_see() -> None:
    x = features(0)
    shifted, plain = moments(x + 1), moments(x)
    assert covariance_loss(shifted, plain) < 1e-12
    torch.testing.assert_close(
        mean_loss(shifted, plain), (4 / plain.variance.sum(1)).mean(), rtol=1e-9, atol=0
    )


@SAMPLED
def test_sampled_losses_are_zero_for_the_same_samples_in_any_order(loss) -> None:  # type: ignore[no-untyped-def]
    x = samples(20, 0)
    assert loss(x, x.flip(0)) < 1e-12
    assert loss(x, samples(20, 1)) > 0


@SAMPLED
def test_sampled_losses_have_right_gradients(loss) -> None:  # type: ignore[no-untyped-def]
    x, wanted = samples(6, 0).requires_grad_(), samples(11, 1)
    assert torch.autograd.gradcheck(lambda t: loss(t, wanted), x)


@SAMPLED
def test_sampled_losses_of_flat_samples_are_finite(loss) -> None:  # type: ignore[no-untyped-def]
    for wanted in (samples(9, 1).float(), torch.ones(4, 3), torch.zeros(4, 3)):
        x = torch.ones(5, 3, requires_grad=True)
        value = loss(x, wanted)
        (slope,) = torch.autograd.grad(value, x)
        assert torch.isfinite(value) and torch.isfinite(slope).all()


def test_sliced_distance_of_shifted_samples_is_the_shift_along_the_directions() -> None:
    x = samples(50, 0)
    axes = 7 * torch.eye(3, dtype=torch.float64)  # their length does not count
    expected = 2.0**2 / 3 / x.var(0, correction=0).mean()
    found = sliced_wasserstein_loss(x + torch.tensor([2.0, 0, 0]), x, axes)
    torch.testing.assert_close(found, expected)


def test_quantiles_do_not_depend_on_how_many_samples_there_are() -> None:
    few, many = torch.linspace(0, 1, 41)[None], torch.linspace(0, 1, 1001)[None]
    assert quantile_loss(few, many) < 1e-2
    assert quantile_loss(many, few) < 1e-2


def test_nearest_neighbors_are_found_whatever_the_color_cast_and_contrast() -> None:
    x = samples(30, 0)
    assert nearest_neighbor_loss(3 * (x - x.mean(0)) + x.mean(0), x) < 1e-6
    # every sample still has its match, and the distance sees the cast alone
    unit = (x - x.mean(0)) / (x - x.mean(0)).norm(dim=1, keepdim=True)
    cast = x + 0.5 - x.mean(0)
    expected = (1 - (cast / cast.norm(dim=1, keepdim=True) * unit).sum(1)).mean()
    torch.testing.assert_close(nearest_neighbor_loss(x + 0.5, x), expected, atol=1e-6, rtol=0)


def test_nearest_neighbors_do_not_depend_on_the_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    x, wanted = samples(30, 0), samples(40, 1)
    whole = nearest_neighbor_loss(x, wanted)
    monkeypatch.setattr(style, "SIMILARITIES", 90)
    torch.testing.assert_close(nearest_neighbor_loss(x, wanted), whole)
