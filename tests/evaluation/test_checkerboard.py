"""The checkerboard score: photos and good paintings are clean, faint grids are found."""

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from skimage import data

from impasto.evaluation.checkerboard import checkerboard_score
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import stylize_array

Floats = npt.NDArray[np.float32]
PHOTOS = ("astronaut", "coffee", "rocket")


def photo(name: str, side: int = 256) -> Floats:
    picture = Image.fromarray(getattr(data, name)()).resize((side, side))
    return (np.asarray(picture) / 255).astype(np.float32)


def checks(shape: tuple[int, ...], period: int) -> Floats:
    """Plus and minus one, by turns."""
    rows, columns = np.indices(shape[:2]) // (period // 2)
    return np.asarray((rows + columns) % 2 * 2 - 1, np.float32)[..., None]


@pytest.mark.parametrize("name", PHOTOS)
def test_photos_are_clean_as_they_are_and_resized(name: str) -> None:
    whole = getattr(data, name)().astype(np.float32) / np.float32(255)
    assert checkerboard_score(whole) < 0.3
    assert checkerboard_score(photo(name)) < 0.3


@pytest.mark.parametrize("style", ["starry-night", "great-wave", "halftone-comic", "night-cafe"])
def test_the_shipped_painter_is_clean(style: str, stylizer: FastStylizer) -> None:
    painted = stylize_array(photo("rocket"), style, stylizer=stylizer)
    assert checkerboard_score(painted.astype(np.float32) / np.float32(255)) < 1


@pytest.mark.parametrize("period", [2, 4])
@pytest.mark.parametrize("name", PHOTOS)
def test_a_grid_of_two_levels_is_measured(name: str, period: int) -> None:
    picture = photo(name) * np.float32(0.9) + np.float32(0.05)
    grid = np.float32(2 / 255) * checks(picture.shape, period)
    assert checkerboard_score(picture + grid) == pytest.approx(2, rel=0.2)


def test_lines_at_every_eighth_pixel_are_found() -> None:
    picture = photo("coffee") * 0.9
    lines = (np.indices(picture.shape[:2]) % 8 == 0).any(0)[..., None]
    assert checkerboard_score((picture + 6 / 255 * lines).astype(np.float32)) > 1


def test_a_grid_whose_sign_changes_on_the_way_is_found() -> None:
    picture = photo("coffee") * np.float32(0.9) + np.float32(0.05)
    grid = checks(picture.shape, 128) * checks(picture.shape, 2)
    assert checkerboard_score(picture + np.float32(3 / 255) * grid) > 1


def test_noise_flat_and_tiny_pictures_have_none() -> None:
    noise = np.random.default_rng(0).random((256, 256, 3)).astype(np.float32)
    assert checkerboard_score(noise) == 0
    assert checkerboard_score(np.full((64, 64, 3), 0.5, np.float32)) == 0
    assert checkerboard_score(noise[:31]) == 0
