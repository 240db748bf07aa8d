"""Hidden colors give way to those around them; white shows through by alpha."""

import numpy as np
from PIL import Image

from impasto.images.transparency import fill_transparent, on_white


def test_a_hole_takes_the_color_around_it() -> None:
    picture = np.zeros((40, 60, 4), np.uint8)
    picture[...] = (200, 100, 50, 255)
    picture[10:30, 20:50] = (0, 255, 0, 0)
    filled = np.asarray(fill_transparent(Image.fromarray(picture)))
    assert np.abs(filled.astype(int) - (200, 100, 50)).max() <= 2


def test_visible_and_half_visible_pixels_are_not_touched() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (17, 23, 4), np.uint8)
    picture[3:9, 4:15, 3] = 0
    seen = picture[..., 3] > 0
    filled = np.asarray(fill_transparent(Image.fromarray(picture)))
    assert np.array_equal(filled[seen], picture[..., :3][seen])


def test_each_side_of_a_hole_continues_its_own_color() -> None:
    picture = np.zeros((32, 96, 4), np.uint8)
    picture[:, :16] = (255, 0, 0, 255)
    picture[:, 80:] = (0, 0, 255, 255)
    filled = np.asarray(fill_transparent(Image.fromarray(picture)))
    assert filled[16, 17, 0] > 200 and filled[16, 78, 2] > 200


def test_a_wholly_transparent_picture_is_left_alone() -> None:
    picture = np.zeros((5, 7, 4), np.uint8)
    assert fill_transparent(Image.fromarray(picture)).size == (7, 5)


def test_white_shows_through_by_alpha() -> None:
    rgb = np.full((1, 3, 3), 10, np.uint8)
    alpha = np.array([[0, 255, 128]], np.uint8)
    assert on_white(rgb, alpha)[0, :, 0].tolist() == [255, 10, 132]
