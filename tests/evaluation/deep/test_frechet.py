"""FID: 0 for equal sets, the gap of the means for moved ones, and the textbook's formula."""

import numpy as np
import pytest
from scipy.linalg import sqrtm

from impasto.evaluation.deep.frechet import Features, art_fid, frechet_distance


def cloud(count: int, width: int, seed: int = 0) -> Features:
    """Return correlated features."""
    random = np.random.default_rng(seed)
    return random.normal(size=(count, width)) @ random.normal(size=(width, width))


@pytest.mark.parametrize("count", [3, 40])
def test_equal_sets_are_at_no_distance(count: int) -> None:
    features = cloud(count, 8)
    assert frechet_distance(features, features) == pytest.approx(0, abs=1e-9)
    assert frechet_distance(features, features[::-1]) == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("count", [3, 40])
def test_a_moved_set_is_at_the_squared_distance_of_its_means(count: int) -> None:
    features = cloud(count, 8)
    assert frechet_distance(features + 2, features) == pytest.approx(8 * 4)


def test_it_is_the_formula_of_the_textbook() -> None:
    one, other = cloud(60, 5, 1), cloud(70, 5, 2)
    here, there = np.cov(one, rowvar=False), np.cov(other, rowvar=False)
    root = np.trace(np.real(sqrtm(here @ there)))
    gap = one.mean(0) - other.mean(0)
    expected = gap @ gap + np.trace(here) + np.trace(there) - 2 * root
    assert frechet_distance(one, other) == pytest.approx(expected)


def test_art_fid_of_nothing_is_one() -> None:
    assert art_fid(0, 0) == 1 and art_fid(0.5, 3) == 6
