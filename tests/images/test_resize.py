"""Resizing keeps flat areas and means, does not alias, and stays in range."""

from typing import Any

import numpy as np
import pytest
from PIL import Image

from impasto.images.resize import FloatPicture, fit_long_side, reduce_rows, resize
from impasto.images.samples import Samples, to_floats
from impasto.images.window import Window


def reduced(samples: Samples, long_side: int) -> FloatPicture:
    """Return an array reduced strip by strip."""
    height, width = samples.shape[:2]
    return reduce_rows(lambda window: samples[window.slices], height, width, long_side)


def test_a_flat_picture_stays_flat_at_any_size() -> None:
    flat = np.full((20, 30, 3), 0.25, np.float32)
    for size in ((7, 9), (20, 30), (50, 40)):
        result = resize(flat, *size)
        assert result.shape == (*size, 3) and result.dtype == np.float32
        assert np.allclose(result, 0.25, atol=1e-6)


def test_reducing_a_checkerboard_gives_grey_not_a_pattern() -> None:
    board = np.indices((128, 128)).sum(axis=0) % 2
    picture = np.repeat(board[..., None], 3, axis=2).astype(np.float32)
    assert np.abs(resize(picture, 31, 31)[4:-4, 4:-4] - 0.5).max() < 0.02


def test_overshoot_is_clipped() -> None:
    edge = np.zeros((16, 16, 3), np.float32)
    edge[:, 8:] = 1
    result = resize(edge, 61, 61)
    assert result.min() == 0 and result.max() == 1


def test_bytes_reduce_to_the_same_as_floats() -> None:
    smooth = np.linspace(0, 255, 900, dtype=np.uint8)[None, :, None]
    picture = np.broadcast_to(smooth, (600, 900, 3)).copy()
    exact = resize(picture.astype(np.float32) / np.float32(255), 40, 60)
    assert np.abs(reduced(picture, 60) - exact).max() < 0.01


def test_bytes_are_never_enlarged() -> None:
    picture = np.full((3, 5, 3), 51, np.uint8)
    result = reduced(picture, 100)
    assert result.shape == (3, 5, 3) and np.allclose(result, 0.2)


def test_a_very_long_picture_can_be_reduced() -> None:
    assert reduced(np.zeros((1, 5000, 3), np.uint8), 50).shape == (1, 50, 3)


def test_the_shape_is_kept() -> None:
    assert fit_long_side(300, 400, 200) == (150, 200)
    assert fit_long_side(400, 300, 800) == (800, 600)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_strips_reduce_like_the_whole(kind: type[np.unsignedinteger[Any]]) -> None:
    picture = np.random.default_rng(0).integers(0, np.iinfo(kind).max, (777, 301, 3), kind)
    channel = Image.fromarray(to_floats(picture[..., 1]))
    if kind is np.uint8:
        channel = Image.fromarray(np.ascontiguousarray(picture[..., 1]))
    whole = np.asarray(channel.reduce(777 // 200), np.float32)
    whole = whole / np.float32(255 if kind is np.uint8 else 1)
    expected = resize(whole[..., None], 100, 39)[..., 0]
    assert np.abs(reduced(picture, 100)[..., 1] - expected).max() < 1e-6


def test_a_picture_is_read_once_from_top_to_bottom() -> None:
    windows: list[Window] = []

    def read(window: Window) -> Samples:
        windows.append(window)
        return np.zeros((window.height, window.width, 3), np.uint8)

    reduce_rows(read, 2000, 30, 100)
    assert [window.top for window in windows[1:]] == [window.bottom for window in windows[:-1]]
    assert windows[0].top == 0 and windows[-1].bottom == 2000
    assert {(window.left, window.width) for window in windows} == {(0, 30)}
