"""Grain: too fine to be seen, without a pattern, the same in every window."""

import numpy as np
import numpy.typing as npt

from impasto.images.grain import MOST, add_grain


def grains(height: int, width: int, top: int = 0, left: int = 0) -> npt.NDArray[np.float32]:
    planes = np.zeros((1, 3, height, width), np.float32)
    add_grain(planes, top, left)
    return planes


def test_it_is_less_than_a_step_of_8_bits_and_changes_no_color() -> None:
    planes = grains(256, 300)
    assert 0.9 * MOST < np.abs(planes).max() <= MOST and MOST == 1 / 255
    assert abs(planes.mean()) < MOST / 100
    np.testing.assert_array_equal(planes[:, 1:], planes[:, :-1])  # grey


def test_windows_agree() -> None:
    whole = grains(90, 700)
    np.testing.assert_array_equal(grains(31, 500, 40, 123), whole[..., 40:71, 123:623])


def test_it_has_no_pattern() -> None:
    power = np.abs(np.fft.fft2(grains(256, 256)[0, 0])) ** 2
    assert power.max() < 25 * power.mean()  # noise exceeds that once in e^25


def test_pixels_are_changed_by_adding() -> None:
    planes = np.full((1, 3, 8, 9), 0.5, np.float32)
    add_grain(planes, 0, 0)
    np.testing.assert_allclose(planes - 0.5, grains(8, 9), atol=1e-7)
