"""Strokes: turned by a right angle they are 90 degrees off, enlarged twice one octave."""

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter, zoom

from impasto.evaluation.brushwork import orientation_distance, scale_distance
from impasto.evaluation.similarity import Picture


def strokes(angle: float = 0.0, wavelength: float = 8.0, side: int = 128) -> Picture:
    """Return parallel strokes that run at an angle, in degrees."""
    rows, columns = np.mgrid[:side, :side]
    turned = np.deg2rad(angle)
    wave = np.sin(2 * np.pi * (columns * np.sin(turned) - rows * np.cos(turned)) / wavelength)
    return np.repeat(np.asarray(128 + 100 * wave, np.uint8)[..., None], 3, 2)


def clouds(sigma: float = 2.0) -> Picture:
    """Return noise of a grain."""
    plane = gaussian_filter(np.random.default_rng(0).normal(size=(256, 256)), sigma, mode="wrap")
    plane = 128 + 45 * plane / plane.std()
    return np.repeat(np.asarray(plane.clip(0, 255), np.uint8)[..., None], 3, 2)


@pytest.mark.parametrize("angle", [15, 45, 90])
def test_turned_strokes_are_off_by_their_angle(angle: float) -> None:
    assert orientation_distance(strokes(angle), strokes()) == pytest.approx(angle, abs=4)


def test_half_a_turn_is_none() -> None:
    assert orientation_distance(strokes(170), strokes(-10)) == pytest.approx(0, abs=0.5)


def test_strokes_to_all_sides_are_45_degrees_from_those_to_one() -> None:
    assert orientation_distance(clouds(), strokes()) == pytest.approx(45, abs=5)


def test_a_flat_picture_runs_nowhere() -> None:
    flat = np.full((64, 64, 3), 90, np.uint8)
    assert orientation_distance(flat, flat) == 0
    assert scale_distance(flat, flat) == 0
    assert orientation_distance(flat, strokes()) == pytest.approx(45, abs=3)


def test_strokes_twice_as_large_are_one_octave_off() -> None:
    assert scale_distance(strokes(0, 16), strokes(0, 8)) == pytest.approx(1, abs=0.1)
    large = np.asarray(zoom(clouds(), (2, 2, 1), order=1)[:256, :256], np.uint8)
    assert scale_distance(large, clouds()) == pytest.approx(1, abs=0.25)


def test_equal_pictures_of_any_size_have_no_distance() -> None:
    assert scale_distance(clouds(), clouds()) == 0
    assert scale_distance(clouds(), clouds()[:200, :240]) < 0.15
