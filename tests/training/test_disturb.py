"""Disturbed pictures are pictures still, each disturbed, the same for the same seed."""

import numpy as np
import pytest
import torch

from impasto.training.disturb import blended, blurred, disturbed, glaring, noisy


def test_disturbed_pictures_stay_pictures_and_repeat() -> None:
    pictures = torch.rand(9, 3, 33, 40)
    one, other = (disturbed(pictures, np.random.default_rng(4)) for _ in range(2))
    assert one.shape == pictures.shape and one.min() >= 0 and one.max() <= 1
    assert torch.equal(one, other)
    assert ((one - pictures).abs().amax((1, 2, 3)) > 0.01).all()


@pytest.mark.parametrize("way", [noisy, glaring])
def test_some_ways_add_contrast(way: type(noisy)) -> None:  # type: ignore[valid-type]
    picture = 0.5 + 0.05 * torch.randn(3, 32, 32)
    made = [way(picture, picture, np.random.default_rng(seed)).std() for seed in range(8)]
    assert torch.stack(made).mean() > picture.std()


def test_blurred_pictures_have_less_detail_and_the_same_mean() -> None:
    picture = torch.rand(3, 32, 32)
    made = blurred(picture, picture, np.random.default_rng(0))
    assert made.std() < 0.5 * picture.std()
    torch.testing.assert_close(made.mean(), picture.mean(), atol=0.02, rtol=0)


def test_blended_pictures_lie_between() -> None:
    made = blended(torch.zeros(3, 4, 4), torch.ones(3, 4, 4), np.random.default_rng(0))
    assert 0.2 <= made.min() == made.max() <= 0.8
