"""Losses are 0 for a perfect match, positive otherwise, and have right gradients."""

from collections.abc import Callable

import pytest
import torch
from skimage.metrics import structural_similarity
from torch import Tensor

from impasto.features.statistics import moments
from impasto.losses.functional import (
    content_loss,
    covariance_loss,
    moment_loss,
    range_penalty,
    structure_loss,
    total_variation,
)


def features(seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(2, 4, 5, 6, dtype=torch.float64, generator=generator)


@pytest.mark.parametrize("loss", [moment_loss, covariance_loss])
def test_style_losses_are_zero_for_equal_features_only(loss) -> None:  # type: ignore[no-untyped-def]
    one, other = moments(features(0)), moments(features(1))
    assert loss(one, one) == 0
    assert loss(one, other) > 0


@pytest.mark.parametrize("loss", [moment_loss, covariance_loss])
def test_style_losses_do_not_see_where_things_are(loss) -> None:  # type: ignore[no-untyped-def]
    x = features(0)
    torch.testing.assert_close(
        loss(moments(x.flip(2)), moments(x)), torch.zeros((), dtype=torch.float64)
    )


@pytest.mark.parametrize("loss", [moment_loss, covariance_loss])
def test_style_losses_have_right_gradients(loss) -> None:  # type: ignore[no-untyped-def]
    style = moments(features(1))
    x = features(0).requires_grad_()
    assert torch.autograd.gradcheck(lambda t: loss(moments(t), style), x)


def test_content_loss_sees_where_things_are_and_not_how_bright() -> None:
    x = features(0)
    assert content_loss(x, x) == 0
    assert content_loss(x.flip(2), x) > 0.1
    assert content_loss(3 * x + 1, x) < 1e-3


def test_structure_loss_is_what_scikit_image_measures() -> None:
    generator = torch.Generator().manual_seed(0)
    one, other = (torch.rand(1, 1, 32, 40, generator=generator).double() for _ in range(2))
    grey = one[0, 0].numpy(), other[0, 0].numpy()
    reference: Callable[..., float] = structural_similarity
    expected = reference(*grey, data_range=1.0, use_sample_covariance=False)
    found = structure_loss(one.repeat(1, 3, 1, 1), other.repeat(1, 3, 1, 1))
    assert abs(1 - float(found) - expected) < 1e-6
    assert abs(float(structure_loss(one.repeat(1, 3, 1, 1), one.repeat(1, 3, 1, 1)))) < 1e-9


def test_total_variation_is_zero_for_a_constant_and_counts_a_step() -> None:
    assert total_variation(torch.full((1, 3, 5, 5), 0.3)) == 0
    step = torch.zeros(1, 1, 2, 2)
    step[..., 1] = 1
    assert total_variation(step) == 1


def test_range_penalty_is_zero_inside_the_range() -> None:
    assert range_penalty(torch.linspace(0, 1, 9)) == 0
    assert range_penalty(torch.tensor([2.0, -1.0])) == 1
