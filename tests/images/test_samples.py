"""Depths: every sample survives the way to floats and back."""

import numpy as np
import pytest

from impasto.images.samples import DEPTHS, Samples, to_depth, to_floats, to_samples, white_of


def every(depth: int) -> Samples:
    kind = np.uint8 if depth == 8 else np.uint16
    return np.arange(white_of(depth) + 1, dtype=kind)


@pytest.mark.parametrize("depth", DEPTHS)
def test_samples_to_floats_and_back_is_exact(depth: int) -> None:
    floats = to_floats(every(depth))
    assert floats.dtype == np.float32 and floats[0] == 0 and floats[-1] == 1
    np.testing.assert_array_equal(to_samples(floats, depth), every(depth))


def test_eight_bits_to_sixteen_and_back_is_exact() -> None:
    np.testing.assert_array_equal(to_depth(to_depth(every(8), 16), 8), every(8))
    np.testing.assert_array_equal(to_floats(to_depth(every(8), 16)), to_floats(every(8)))


def test_sixteen_bits_become_the_nearest_eight() -> None:
    nearest = np.rint(every(16).astype(np.float64) / 257).astype(np.uint8)
    np.testing.assert_array_equal(to_depth(every(16), 8), nearest)


def test_samples_are_those_of_the_whole_in_any_block() -> None:
    floats = np.random.default_rng(0).random((700, 300, 3), np.float32) * 1.2 - 0.1
    expected = np.rint(np.clip(floats, 0, 1) * np.float32(255)).astype(np.uint8)
    np.testing.assert_array_equal(to_samples(floats, 8), expected)
    planes = np.ascontiguousarray(floats.transpose(2, 0, 1)).transpose(1, 2, 0)
    np.testing.assert_array_equal(to_samples(planes, 8), expected)
    assert to_samples(floats[:0], 8).shape == (0, 300, 3)
