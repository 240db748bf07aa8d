"""A contact sheet holds every picture, whole and in order."""

import numpy as np

from impasto.images.resize import FloatPicture
from impasto.images.sheet import CAPTION, MARGIN, contact_sheet, grid, grid_size


def flat(color: tuple[float, float, float], height: int, width: int) -> FloatPicture:
    """Return a picture of one color."""
    return np.full((height, width, 3), color, np.float32)


def test_pictures_stand_in_rows_and_keep_their_shape() -> None:
    pictures = [
        ("red", flat((1, 0, 0), 40, 20)),
        ("green", flat((0, 1, 0), 20, 40)),
        ("blue", flat((0, 0, 1), 30, 30)),
    ]
    page = contact_sheet(pictures, columns=2, side=64)
    assert page.shape == (2 * (64 + MARGIN + CAPTION) + MARGIN, 2 * (64 + MARGIN) + MARGIN, 3)
    for color, pixels in (((255, 0, 0), 64 * 32), ((0, 255, 0), 64 * 32), ((0, 0, 255), 64 * 64)):
        assert (page == color).all(axis=2).sum() == pixels
    red, green = (np.argwhere((page == color).all(axis=2)) for color in ([255, 0, 0], [0, 255, 0]))
    assert red[:, 1].max() < green[:, 1].min()


def test_names_are_written_below() -> None:
    page = contact_sheet([("name", flat((1, 1, 1), 8, 8))], side=64)
    assert (page[: MARGIN + 64] == 255).all()  # white on white
    assert (page[MARGIN + 64 :] < 100).any()


def test_a_grid_holds_every_picture_untouched_where_its_row_and_column_say() -> None:
    random = np.random.default_rng(0)
    pictures = [[random.integers(0, 255, (20, 30, 3), np.uint8) for _ in range(3)] for _ in "ab"]
    page = grid(pictures, ["0.5", "1"], ["one", "a very long name of a style", ""])
    assert page.shape[:2] == grid_size(20, 30, 2, 3)
    bottom, right = page.shape[:2]
    last = page[bottom - 30 : bottom - 10, right - 40 : right - 10]
    assert np.array_equal(last, pictures[1][2])
    assert (page[:, :10] == 255).all()
