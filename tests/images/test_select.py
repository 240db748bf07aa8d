"""Selecting by pointing: what has one color and an edge is found, other places are refused."""

import numpy as np
import numpy.typing as npt
import pytest

from impasto.errors import UsageError
from impasto.images.select import Place, parse_place, refined, select
from impasto.images.source import Source, open_picture
from impasto.images.window import whole

Region = npt.NDArray[np.bool_]


def disc(height: int = 150, width: int = 200, row: int = 70, column: int = 110) -> Region:
    rows, columns = np.mgrid[:height, :width]
    return np.asarray((rows - row) ** 2 + (columns - column) ** 2 < 35**2)


def painted(region: Region) -> Source:
    colors = np.where(region[..., None], (200, 60, 40), (60, 120, 180))
    noise = np.random.default_rng(0).normal(0, 3, colors.shape)
    return open_picture((colors + noise).clip(0, 255).astype(np.uint8))


def overlap(source: Source, places: list[Place], region: Region) -> float:
    plane = select(source, places).read(whole(*region.shape), *region.shape)
    assert plane.min() >= 0 and plane.max() <= 1
    return float(((plane > 0.5) & region).sum() / ((plane > 0.5) | region).sum())


@pytest.mark.parametrize("place", [Place(110, 70), Place(95, 60), Place(65, 25, 90, 90)])
def test_a_disc_on_a_flat_ground_is_found(place: Place) -> None:
    assert overlap(painted(disc()), [place], disc()) > 0.95


def test_the_ground_is_found_too() -> None:
    assert overlap(painted(disc()), [Place(5, 5)], ~disc()) > 0.95


def test_a_point_finds_the_disc_under_it_and_not_its_twin() -> None:
    left, right = disc(column=45), disc(column=150)
    source = painted(left | right)
    assert overlap(source, [Place(45, 70)], left) > 0.95
    assert overlap(source, [Place(45, 70), Place(150, 70)], left | right) > 0.95


def test_a_large_picture_is_selected_as_a_small_one() -> None:
    large = np.repeat(np.repeat(disc(), 8, 0), 8, 1)
    assert overlap(painted(large), [Place(880, 560)], large) > 0.95


@pytest.mark.parametrize("side", [1, 2, 9])
def test_tiny_and_flat_pictures_are_one_region(side: int) -> None:
    source = open_picture(np.full((side, side, 3), 120, np.uint8))
    assert select(source, [Place(0, 0)]).plane.min() == 1


def test_borders_follow_the_guide() -> None:
    guide = np.zeros((40, 900, 3), np.float32)
    guide[:, 452:] = 1
    rough = np.zeros((40, 900), np.float32)
    rough[:, 450:] = 1  # two pixels off
    plane = refined(rough, guide)
    assert plane[:, :452].max() < 0.5 < plane[:, 452:].min()


@pytest.mark.parametrize("text", ["5", "a,b", "1,2,3", "1,2,0,4", "1,2,3,4,5", "", "1.5,2"])
def test_what_is_no_place_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no place in a picture"):
        parse_place(text)


@pytest.mark.parametrize("text", ["200,10", "10,150", "-1,5", "190,10,20,20", "10,140,5,11"])
def test_a_place_outside_the_picture_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"not inside array, which has 200 x 150 pixels"):
        select(painted(disc()), [parse_place(text)])
