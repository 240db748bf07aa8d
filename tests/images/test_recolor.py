"""A palette map reaches its palette, keeps light and dark in order, and has no jumps."""

import numpy as np
import numpy.typing as npt
import pytest

from impasto.images.color import rgb_to_oklab
from impasto.images.lut import Lut
from impasto.images.recolor import PaletteMap

Pixels = npt.NDArray[np.float32]

NAVY, GOLD, WHITE, RED = (0.1, 0.2, 0.4), (0.95, 0.76, 0.3), (1, 1, 1), (0.8, 0.1, 0.1)
PALETTES = [[NAVY, GOLD, WHITE], [NAVY], [RED, NAVY, GOLD], [GOLD, GOLD, RED]]


def palette_of(colors: list[tuple[float, float, float]]) -> Pixels:
    """Return colors as an array."""
    return np.array(colors, np.float32)


@pytest.mark.parametrize("colors", PALETTES)
def test_chroma_lies_near_the_palettes(
    colors: list[tuple[float, float, float]], photo: Pixels
) -> None:
    table = Lut.bake(PaletteMap(photo, palette_of(colors)))
    chroma, wanted = rgb_to_oklab(table(photo))[..., 1:], rgb_to_oklab(palette_of(colors))[:, 1:]
    # Half of a chroma is near as well: sRGB has less where it is very light or dark.
    near = [np.linalg.norm(chroma - share * one, axis=-1) for one in wanted for share in (0.5, 1)]
    before = [np.linalg.norm(rgb_to_oklab(photo)[..., 1:] - one, axis=-1) for one in wanted]
    assert np.min(near, axis=0).mean() < 0.06
    assert np.min(near, axis=0).mean() < 0.5 * np.min(before, axis=0).mean()


def test_every_color_finds_its_place(photo: Pixels) -> None:
    colors = palette_of([NAVY, GOLD, RED])
    chroma = rgb_to_oklab(PaletteMap(photo, colors)(photo))[..., 1:]
    wanted = rgb_to_oklab(colors)[:, 1:]
    nearest = np.argmin([np.linalg.norm(chroma - one, axis=-1) for one in wanted], axis=0)
    assert np.bincount(nearest.ravel(), minlength=3).min() > 0.1 * nearest.size


@pytest.mark.parametrize("colors", PALETTES)
def test_light_and_dark_never_change_places(
    colors: list[tuple[float, float, float]], photo: Pixels
) -> None:
    change = PaletteMap(photo, palette_of(colors))
    before, after = (rgb_to_oklab(one)[..., 0].ravel() for one in (photo, change(photo)))
    order = np.argsort(before)
    assert np.diff(after[order]).min() > -1e-3  # in the darkest 1/255


def test_there_are_no_jumps(photo: Pixels) -> None:
    table = Lut.bake(PaletteMap(photo, palette_of([NAVY, GOLD, WHITE])))
    ramp = np.linspace(0, 1, 4096, dtype=np.float32)[:, None] * np.array([1, 0.9, 0.6], np.float32)
    assert np.abs(np.diff(table(ramp), axis=0)).max() < 12 / 4096


def test_a_table_is_near_the_function(photo: Pixels) -> None:
    change = PaletteMap(photo, palette_of([NAVY, GOLD, WHITE]))
    off = np.abs(Lut.bake(change)(photo) - change(photo))
    assert np.median(off) < 1 / 255 and np.quantile(off, 0.99) < 0.03


def test_flat_and_grey_pictures_have_colors_too() -> None:
    for picture in (np.full((8, 8, 3), 0.5, np.float32), np.zeros((1, 1, 3), np.float32)):
        result = PaletteMap(picture, palette_of([NAVY, GOLD]))(picture)
        assert np.isfinite(result).all() and np.ptp(result, axis=(0, 1)).max() < 1e-6
    dark = PaletteMap(picture, palette_of([NAVY, GOLD]))(picture)
    assert rgb_to_oklab(dark)[..., 0].max() < 0.5  # black is not lifted to the middle
