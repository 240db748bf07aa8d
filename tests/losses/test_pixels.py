"""Losses of pixels against plain formulae and scikit-image."""

import math
from collections.abc import Callable

import pytest
import torch
from skimage.exposure import match_histograms
from skimage.metrics import structural_similarity
from torch import Tensor

from impasto.losses.pixels import (
    histogram_loss,
    range_penalty,
    structure_loss,
    total_variation,
    total_variation_l2,
    total_variation_nine_point,
)

VARIATIONS = pytest.mark.parametrize(
    "loss", [total_variation, total_variation_l2, total_variation_nine_point]
)


def picture(*shape: int, seed: int = 0) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(*shape, dtype=torch.float64, generator=generator)


def test_structure_loss_is_what_scikit_image_measures() -> None:
    one, other = picture(1, 1, 32, 40), picture(1, 1, 32, 40, seed=1)
    grey = one[0, 0].numpy(), other[0, 0].numpy()
    reference: Callable[..., float] = structural_similarity
    expected = reference(*grey, data_range=1.0, use_sample_covariance=False)
    found = structure_loss(one.repeat(1, 3, 1, 1), other.repeat(1, 3, 1, 1))
    assert abs(1 - float(found) - expected) < 1e-6
    assert abs(float(structure_loss(one.repeat(1, 3, 1, 1), one.repeat(1, 3, 1, 1)))) < 1e-9


@VARIATIONS
def test_variation_is_zero_for_a_constant_and_has_right_gradients(loss) -> None:  # type: ignore[no-untyped-def]
    assert loss(torch.full((1, 3, 5, 5), 0.3)) == 0
    assert torch.autograd.gradcheck(loss, picture(1, 2, 4, 3).requires_grad_())


def test_total_variation_counts_a_step() -> None:
    step = torch.zeros(1, 1, 2, 2)
    step[..., 1] = 1
    assert total_variation(step) == 1
    assert total_variation_l2(3 * step) == 9


@pytest.mark.parametrize("degrees", [0, 20, 45, 70])
def test_nine_point_variation_of_a_slope_is_its_square_in_every_direction(degrees: int) -> None:
    angle = math.radians(degrees)
    y, x = torch.meshgrid(torch.arange(8.0), torch.arange(6.0), indexing="ij")
    slope = 0.1 * (x * math.cos(angle) + y * math.sin(angle))
    torch.testing.assert_close(
        float(total_variation_nine_point(slope.expand(1, 3, 8, 6))), 0.01, rtol=1e-5, atol=0
    )


def test_gradient_of_nine_point_variation_is_the_nine_point_laplacian() -> None:
    point = torch.zeros(1, 1, 101, 101, dtype=torch.float64)
    point[..., 50, 50] = 1
    point.requires_grad_()
    (slope,) = torch.autograd.grad(total_variation_nine_point(point), point)
    found = slope[0, 0, 49:52, 49:52]
    laplacian = torch.tensor([[1.0, 4, 1], [4, -20, 4], [1, 4, 1]], dtype=torch.float64)
    # the means run over a few less diagonals than sides
    torch.testing.assert_close(found / found[1, 1] * -20, laplacian, rtol=0.02, atol=0)


def test_histogram_loss_is_zero_for_moved_pixels_only() -> None:
    one = picture(2, 3, 6, 5)
    assert histogram_loss(one.flip(2), one) == 0
    assert histogram_loss(one, picture(2, 3, 6, 5, seed=1)) > 0
    assert torch.autograd.gradcheck(
        lambda t: histogram_loss(t, picture(1, 3, 4, 7)), one.requires_grad_()
    )


def test_histogram_loss_is_the_distance_to_the_matched_picture() -> None:
    one, other = picture(1, 1, 40, 30), picture(1, 1, 40, 30, seed=1).square()
    matched = torch.from_numpy(match_histograms(one[0, 0].numpy(), other[0, 0].numpy()))
    expected = (one[0, 0] - matched).square().mean() / other.var(correction=0)
    torch.testing.assert_close(histogram_loss(one, other), expected)


def test_range_penalty_is_zero_inside_the_range() -> None:
    assert range_penalty(torch.linspace(0, 1, 9)) == 0
    assert range_penalty(torch.tensor([2.0, -1.0])) == 1
