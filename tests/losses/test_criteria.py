"""Losses by name, and moments of mixtures."""

import pytest
import torch
from torch import Tensor

from impasto.errors import SettingError
from impasto.features.statistics import Moments, moments, sums
from impasto.losses.criteria import FEATURES, STATISTICS, blend_moments, style_loss


def features(seed: int, width: int = 6) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.rand(1, 4, 5, width, dtype=torch.float64, generator=generator)


@pytest.mark.parametrize("name", STATISTICS)
def test_a_loss_against_a_kept_style_is_the_loss(name: str) -> None:
    painted, style = moments(features(0)), moments(features(1))
    loss = style_loss(name, style)
    assert loss(painted) == loss(painted) == STATISTICS[name](painted, style)
    assert abs(float(loss(style))) < 1e-9


def test_an_unknown_name_is_explained() -> None:
    with pytest.raises(SettingError, match='Did you mean "gram"'):
        style_loss("grm", moments(features(0)))
    assert not FEATURES & set(STATISTICS)


def test_only_moments_do_without_covariances() -> None:
    painted = sums(features(0), diagonal=True).moments()
    style = sums(features(1), diagonal=True).moments()
    full = STATISTICS["moments"](moments(features(0)), moments(features(1)))
    torch.testing.assert_close(style_loss("moments", style)(painted), full)
    with pytest.raises(SettingError, match="Give a picture"):
        style_loss("gram", style)


@pytest.mark.parametrize("diagonal", [False, True])
def test_a_blend_has_the_moments_of_the_pictures_side_by_side(diagonal: bool) -> None:
    left, right = features(0, 6), 3 * features(1, 2)
    parts = [(x.shape[3] * 10.0, sums(x, diagonal=diagonal).moments()) for x in (left, right)]
    whole = sums(torch.cat([left, right], 3), diagonal=diagonal).moments()
    torch.testing.assert_close(blend_moments(parts), whole)


def test_a_blend_of_one_is_itself() -> None:
    one = moments(features(0))
    torch.testing.assert_close(blend_moments([(0.3, one), (0, moments(features(1)))]), one)


@pytest.mark.parametrize("weights", [[], [0.0], [1.0, -0.5]])
def test_weights_that_mean_nothing_are_refused(weights: list[float]) -> None:
    one = Moments(torch.zeros(1, 2), torch.zeros(1, 2, 2))
    with pytest.raises(SettingError, match="weights"):
        blend_moments([(weight, one) for weight in weights])
