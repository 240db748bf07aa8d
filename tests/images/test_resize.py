"""Resizing keeps flat areas and means, does not alias, and stays in range."""

import numpy as np

from impasto.images.resize import fit_long_side, reduce_bytes, resize


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
    assert np.abs(reduce_bytes(picture, 60) - exact).max() < 0.01


def test_bytes_are_never_enlarged() -> None:
    picture = np.full((3, 5, 3), 51, np.uint8)
    result = reduce_bytes(picture, 100)
    assert result.shape == (3, 5, 3) and np.allclose(result, 0.2)


def test_a_very_long_picture_can_be_reduced() -> None:
    assert reduce_bytes(np.zeros((1, 5000, 3), np.uint8), 50).shape == (1, 50, 3)


def test_the_shape_is_kept() -> None:
    assert fit_long_side(300, 400, 200) == (150, 200)
    assert fit_long_side(400, 300, 800) == (800, 600)
