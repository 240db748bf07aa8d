"""Color distance: whatever the place, how far the paint must change."""

import numpy as np
import pytest

from impasto.evaluation.colors import color_distance
from impasto.evaluation.similarity import Picture


def halves(first: int, second: int, rows: int = 32) -> Picture:
    """Return a picture that is gray above and another gray below, from a row on."""
    picture = np.full((64, 64, 3), second, np.uint8)
    picture[:rows] = first
    return picture


def test_equal_palettes_have_no_distance_wherever_the_colors_are() -> None:
    assert color_distance(halves(0, 255), halves(255, 0)) == pytest.approx(0, abs=1e-6)


def test_black_and_white_are_a_hundred_apart() -> None:
    assert color_distance(halves(0, 0), halves(255, 255)) == pytest.approx(100, abs=0.01)


def test_only_the_share_that_differs_has_to_move() -> None:
    assert color_distance(halves(0, 255), halves(0, 255, 48)) == pytest.approx(25, abs=0.01)


def test_the_distance_is_the_same_both_ways() -> None:
    random = np.random.default_rng(0)
    one, other = random.integers(0, 256, (2, 40, 50, 3), np.uint8)
    other = np.asarray(other // 2, np.uint8)
    assert color_distance(one, other) == pytest.approx(color_distance(other, one), rel=1e-6)
    assert color_distance(one, other) > 5
