"""Hidden colors give way to those around them; white shows through by alpha."""

import numpy as np

from impasto.images.samples import to_depth
from impasto.images.transparency import fill_transparent, on_white


def test_a_hole_takes_the_color_around_it() -> None:
    picture = np.zeros((40, 60, 4), np.uint8)
    picture[...] = (200, 100, 50, 255)
    picture[10:30, 20:50] = (0, 255, 0, 0)
    filled = fill_transparent(picture[..., :3].copy(), picture[..., 3])
    assert np.abs(filled.astype(int) - (200, 100, 50)).max() <= 2


def test_visible_and_half_visible_pixels_are_not_touched() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (17, 23, 4), np.uint8)
    picture[3:9, 4:15, 3] = 0
    seen = picture[..., 3] > 0
    filled = fill_transparent(picture[..., :3].copy(), picture[..., 3])
    assert np.array_equal(filled[seen], picture[..., :3][seen])


def test_each_side_of_a_hole_continues_its_own_color() -> None:
    picture = np.zeros((32, 96, 4), np.uint8)
    picture[:, :16] = (255, 0, 0, 255)
    picture[:, 80:] = (0, 0, 255, 255)
    filled = fill_transparent(picture[..., :3].copy(), picture[..., 3])
    assert filled[16, 17, 0] > 200 and filled[16, 78, 2] > 200


def test_a_wholly_transparent_picture_is_left_alone() -> None:
    picture = np.zeros((5, 7, 4), np.uint8)
    assert not fill_transparent(picture[..., :3], picture[..., 3]).any()


def test_white_shows_through_by_alpha() -> None:
    rgb = np.full((1, 3, 3), 10, np.uint8)
    alpha = np.array([[0, 255, 128]], np.uint8)
    assert on_white(rgb, alpha)[0, :, 0].tolist() == [255, 10, 132]


def test_16_bits_fill_like_8_and_stay_exact_where_visible() -> None:
    random = np.random.default_rng(0)
    colors = random.integers(0, 65536, (20, 30, 3), np.uint16)
    alpha = random.integers(0, 2, (20, 30), np.uint16) * np.uint16(65535)
    filled = fill_transparent(colors.copy(), alpha)
    assert np.array_equal(filled[alpha > 0], colors[alpha > 0])
    eight = fill_transparent(to_depth(colors, 8), to_depth(alpha, 8))
    assert np.array_equal(to_depth(filled, 8), eight)


def test_white_shows_through_16_bits_without_overflow() -> None:
    rgb = np.array([[[0, 65535, 1000]]], np.uint16)
    assert on_white(rgb, np.array([[0]], np.uint16)).tolist() == [[[65535] * 3]]
    assert on_white(rgb, np.array([[65535]], np.uint16)).tolist() == rgb.tolist()
