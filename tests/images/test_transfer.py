"""Linear color maps hit mean and covariance, move colors least, and know flat pictures."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from impasto.images.transfer import MOST, moments, monge_kantorovich, transport

Pixels = npt.NDArray[np.float32]


def cloud(seed: int, spread: float = 0.06) -> Pixels:
    """Return colors around the middle, correlated, that no map will drive out of the gamut."""
    random = np.random.default_rng(seed)
    mixed = random.normal(size=(40, 50, 3)) @ random.normal(size=(3, 3)) * spread / 2
    return (random.uniform(0.4, 0.6, 3) + np.clip(mixed, -0.2, 0.2)).astype(np.float32)


@given(st.integers(0, 1000), st.integers(1001, 2000))
def test_mean_and_covariance_are_hit(first: int, second: int) -> None:
    source, target = cloud(first), cloud(second)
    change = monge_kantorovich(source, target)
    if np.linalg.eigvalsh(change.matrix).max() > MOST - 1e-6:
        return  # stretched no further, so not hit
    (mean, spread), (wanted, wanted_spread) = moments(change.beyond(source)), moments(target)
    assert np.abs(mean - wanted).max() < 1e-4
    assert np.abs(spread - wanted_spread).max() < 1e-4


@given(st.integers(0, 1000))
def test_a_pictures_own_colors_stay(seed: int) -> None:
    picture = np.random.default_rng(seed).random((9, 11, 3), np.float32)
    assert np.abs(monge_kantorovich(picture, picture)(picture) - picture).max() < 1e-5


def test_the_map_is_symmetric_and_turns_nothing_around() -> None:
    matrix = monge_kantorovich(cloud(1), cloud(2)).matrix
    assert np.allclose(matrix, matrix.T)
    assert np.linalg.eigvalsh(matrix).min() > 0


def test_no_linear_map_with_these_moments_moves_colors_less() -> None:
    source, target = cloud(3), cloud(4)
    change = monge_kantorovich(source, target)
    (mean, spread), (wanted, wanted_spread) = moments(source), moments(target)
    cholesky = np.linalg.cholesky(wanted_spread) @ np.linalg.inv(np.linalg.cholesky(spread))
    other = (source - mean) @ cholesky.T + wanted
    moved = ((change.beyond(source) - source) ** 2).mean()
    assert moved <= ((other - source) ** 2).mean() + 1e-6


def test_flat_pictures_become_the_targets_mean() -> None:
    flat = np.full((8, 8, 3), (0.2, 0.4, 0.6), np.float32)
    target = cloud(5)
    assert np.allclose(monge_kantorovich(flat, target)(flat), moments(target)[0], atol=1e-6)
    assert np.abs(monge_kantorovich(target, flat)(target) - flat[0, 0]).max() < 0.01
    assert np.allclose(monge_kantorovich(flat, flat)(flat), flat, atol=1e-6)


def test_one_pixel_has_moments() -> None:
    mean, spread = moments(np.full((1, 1, 3), 0.5, np.float32))
    assert mean.tolist() == [0.5] * 3 and not spread.any()


def test_grey_target_gives_grey() -> None:
    grey = np.repeat(cloud(6)[..., :1], 3, axis=-1)
    assert np.ptp(monge_kantorovich(cloud(7), grey)(cloud(7)), axis=-1).max() < 0.02


def test_grain_of_a_grey_painting_is_not_blown_up() -> None:
    random = np.random.default_rng(8)
    grey = np.repeat(cloud(8)[..., :1], 3, axis=-1)
    grainy = (grey + random.normal(size=grey.shape) * 1e-3).astype(np.float32)
    assert np.linalg.eigvalsh(monge_kantorovich(grainy, cloud(9)).matrix).max() <= MOST + 1e-9


def test_tiles_are_bit_for_bit_the_whole() -> None:
    change = monge_kantorovich(cloud(10), cloud(11, 0.3))
    picture = np.random.default_rng(12).random((37, 53, 3), np.float32)
    part = (slice(5, 18), slice(7, 36))
    assert np.array_equal(change(picture[part]), change(picture)[part])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_transport_reaches_the_target(size: int) -> None:
    random = np.random.default_rng(size)
    source, target = (np.cov(random.normal(size=(size, 99))).reshape(size, size) for _ in "ab")
    matrix = transport(source, target)
    assert np.allclose(matrix @ source @ matrix.T, target, atol=1e-4)
