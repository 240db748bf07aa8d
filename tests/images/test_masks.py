"""Masks: the same place has the same weight, in every window and at every size."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from impasto.errors import PictureError
from impasto.images.masks import EVERYWHERE, Mask, mask_from_alpha, mask_from_picture
from impasto.images.source import open_picture
from impasto.images.window import Window, whole

Plane = npt.NDArray[np.float32]


def plane(height: int, width: int, seed: int = 0) -> Plane:
    return np.random.default_rng(seed).random((height, width), np.float32)


sizes = st.integers(1, 60)


@given(sizes, sizes, sizes, sizes, st.data())
@settings(max_examples=60)
def test_a_window_is_a_part_of_the_whole(
    rows: int, columns: int, height: int, width: int, data: st.DataObject
) -> None:
    mask = Mask(plane(rows, columns))
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    window = Window(
        top, left, data.draw(st.integers(1, height - top)), data.draw(st.integers(1, width - left))
    )
    full = mask.read(whole(height, width), height, width)
    assert full.shape == (height, width) and full.dtype == np.float32
    assert full.min() >= 0 and full.max() <= 1
    np.testing.assert_array_equal(mask.read(window, height, width), full[window.slices])


def test_a_mask_of_ones_is_one_at_every_size() -> None:
    ones = Mask(np.ones((7, 11), np.float32))
    for height, width in ((3, 5), (7, 11), (100, 90)):
        np.testing.assert_array_equal(EVERYWHERE.read(whole(height, width), height, width), 1)
        read = ones.read(whole(height, width), height, width)
        np.testing.assert_allclose(read, 1, atol=1e-6)


def test_half_a_mask_covers_half_of_every_picture() -> None:
    half = np.zeros((10, 20), np.float32)
    half[:, :10] = 1
    for height, width in ((5, 10), (10, 20), (64, 128)):
        read = Mask(half).read(whole(height, width), height, width)
        assert read.mean() == pytest.approx(0.5)
        np.testing.assert_array_equal(read[:, 0], 1)
        np.testing.assert_array_equal(read[:, -1], 0)


@given(st.floats(0, 50))
@settings(max_examples=20)
def test_feathered_masks_stay_in_range_and_keep_their_sum(feather: float) -> None:
    first = (plane(24, 40) > 0.5).astype(np.float32)
    both = [Mask(p).feathered(feather).plane for p in (first, 1 - first)]
    assert min(p.min() for p in both) >= 0 and max(p.max() for p in both) <= 1
    np.testing.assert_allclose(both[0] + both[1], 1, atol=1e-5)


def test_a_feathered_border_is_as_wide_as_it_says() -> None:
    step = np.zeros((4, 400), np.float32)
    step[:, 200:] = 1
    row = Mask(step).feathered(10).plane[0]  # 40 pixels
    assert row[179] < 0.025 and row[220] > 0.975 and 0.03 < row[185] < 0.2
    np.testing.assert_array_equal(Mask(step).feathered(0).plane, step)


def test_a_mask_is_the_lightness_of_a_picture(tmp_path: Path) -> None:
    grey = np.array([[0, 51], [204, 255]], np.uint8)
    Image.fromarray(grey).save(tmp_path / "mask.png")
    source = open_picture(np.zeros((20, 20, 3), np.uint8))
    mask = mask_from_picture(tmp_path / "mask.png", source)
    np.testing.assert_allclose(mask.plane, grey / 255, atol=1e-6)
    np.testing.assert_allclose(mask.inverted().plane, 1 - grey / 255, atol=1e-6)


def test_a_mask_is_the_alpha_of_a_picture_that_has_one() -> None:
    drawn = np.full((2, 2, 4), 255, np.uint8)
    drawn[0, 0, 3] = 0
    source = open_picture(drawn)
    expected = np.array([[0, 1], [1, 1]])
    np.testing.assert_array_equal(mask_from_picture(drawn, source).plane, expected)
    np.testing.assert_array_equal(mask_from_alpha(source).plane, expected)


def test_a_picture_without_alpha_gives_no_mask() -> None:
    with pytest.raises(PictureError, match="no transparent part"):
        mask_from_alpha(open_picture(np.zeros((2, 2, 3), np.uint8)))


def test_a_mask_of_another_shape_is_refused() -> None:
    source = open_picture(np.zeros((100, 200, 3), np.uint8))
    with pytest.raises(PictureError, match=r"50 x 100.*200 x 100"):
        mask_from_picture(np.zeros((100, 50, 3), np.uint8), source)


def test_truths_are_a_mask_too() -> None:
    plane = Mask(np.eye(3, dtype=np.bool_)).plane
    assert plane.dtype == np.float32 and plane.sum() == 3


@pytest.mark.parametrize(
    "plane",
    [
        np.full((2, 2), 255, np.uint8),
        np.full((2, 2), 1.5, np.float32),
        np.full((2, 2), np.nan, np.float32),
        np.zeros((2, 2, 3), np.float32),
        np.zeros((0, 2), np.float32),
    ],
)
def test_what_is_no_mask_is_refused(plane: Any) -> None:
    with pytest.raises(PictureError, match=r"\[0, 1\]"):
        Mask(plane)
