"""Regions, inside the network and by pixels: no region changes nothing, tiles equal the whole."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from impasto.images.masks import EVERYWHERE, Mask
from impasto.images.source import Source, open_picture
from impasto.images.window import Window, whole
from impasto.methods.base import Painter, Region, Stylizer
from impasto.methods.controls import controlled
from impasto.methods.fast import FastStylizer
from impasto.methods.regions import Composite, shares
from impasto.styles.style import Style

Pixels = npt.NDArray[np.float32]
HEIGHT, WIDTH = 213, 190
WHOLE = whole(HEIGHT, WIDTH)
LEFT = Mask(np.repeat(np.array([[1, 1, 0.5, 0, 0]], np.float32), 3, 0))
TOP = Mask(np.array([[0.9], [0.4], [0.0], [0.0]], np.float32))


@pytest.fixture(scope="module")
def source(photo: Pixels) -> Source:
    return open_picture(np.tile(photo, (3, 2, 1))[:HEIGHT, :WIDTH])


@pytest.fixture(scope="module")
def waves(stylizer: FastStylizer) -> Style:
    return stylizer.style(["great-wave"])


@pytest.fixture(scope="module")
def stars(stylizer: FastStylizer) -> Style:
    return stylizer.style(["starry-night"])


@pytest.fixture(scope="module", params=["network", "pixels"])
def method(request: pytest.FixtureRequest, stylizer: FastStylizer) -> Stylizer:
    return stylizer if request.param == "network" else Composite(stylizer)


def test_the_shipped_painter_blends_inside_the_network(stylizer: FastStylizer) -> None:
    assert stylizer.model.paint_regions is not None


def test_a_region_of_ones_is_its_style(
    method: Stylizer, stylizer: FastStylizer, source: Source, waves: Style, stars: Style
) -> None:
    regions = [Region(EVERYWHERE, stars)]
    painted = method.prepare(source, waves, regions).paint(WHOLE)
    alone = stylizer.prepare(source, stars).paint(WHOLE)
    np.testing.assert_allclose(painted, alone, atol=1e-3)


def test_a_region_of_weight_0_is_the_ground(
    method: Stylizer, stylizer: FastStylizer, source: Source, waves: Style, stars: Style
) -> None:
    regions = [Region(LEFT, stars, 0.0), Region(EVERYWHERE.inverted(), stars)]
    painted = method.prepare(source, waves, regions).paint(WHOLE)
    np.testing.assert_allclose(painted, stylizer.prepare(source, waves).paint(WHOLE), atol=1e-3)


def test_regions_of_one_style_are_none(
    method: Stylizer, stylizer: FastStylizer, source: Source, waves: Style
) -> None:
    regions = [Region(LEFT, waves), Region(TOP, waves, 0.7)]
    painted = method.prepare(source, waves, regions).paint(WHOLE)
    alone = stylizer.prepare(source, waves).paint(WHOLE)
    np.testing.assert_allclose(painted, alone, atol=1 / 255)


def test_each_side_is_in_its_style(
    method: Stylizer, stylizer: FastStylizer, source: Source, waves: Style, stars: Style
) -> None:
    hard = Mask(np.array([[1, 0]], np.float32).repeat(WIDTH // 2, 1))
    painted = method.prepare(source, waves, [Region(hard, stars)]).paint(WHOLE)
    there = stylizer.prepare(source, stars).paint(WHOLE)
    # The network looks some 100 pixels around itself, but hardly so far.
    assert np.abs(painted - there)[:, :70].mean() < 0.02
    here = stylizer.prepare(source, waves).paint(WHOLE)
    assert np.abs(painted - here)[:, -70:].mean() < 0.02


def test_a_region_of_no_style_is_the_photo(
    method: Stylizer, source: Source, waves: Style, stars: Style
) -> None:
    regions = [Region(LEFT, None), Region(TOP, stars)]
    left = Window(170, 0, 40, 50)
    painted = method.prepare(source, waves, regions).paint(left)
    np.testing.assert_allclose(painted, source.read(left) / 255, atol=1e-6)


@pytest.fixture(scope="module")
def painter(stylizer: FastStylizer, source: Source, waves: Style, stars: Style) -> Painter:
    return stylizer.prepare(source, waves, [Region(LEFT, stars), Region(TOP, stars, 0.8)])


@pytest.fixture(scope="module")
def full(painter: Painter) -> Pixels:
    return painter.paint(WHOLE)


@given(st.data())
@settings(max_examples=8)
def test_tiles_equal_the_whole_with_regions(
    painter: Painter, full: Pixels, data: st.DataObject
) -> None:
    top = data.draw(st.integers(0, HEIGHT - 1))
    left = data.draw(st.integers(0, WIDTH - 1))
    height = data.draw(st.integers(1, HEIGHT - top))
    window = Window(top, left, height, data.draw(st.integers(1, WIDTH - left)))
    np.testing.assert_allclose(painter.paint(window), full[window.slices], atol=1e-4)


@pytest.mark.parametrize("strength", [0.0, 0.1, 1.6])
def test_controls_work_with_regions(
    stylizer: FastStylizer, source: Source, waves: Style, stars: Style, strength: float
) -> None:
    method = controlled(stylizer, strength=strength, colors="content")
    regions = [Region(LEFT, stars), Region(TOP, None)]
    window = Window(150, 0, 60, 190)
    painted = method.prepare(source, waves, regions).paint(window)
    content = source.read(window) / np.float32(255)
    if strength == 0:
        np.testing.assert_array_equal(painted, content)
    else:
        assert np.abs(painted - content).mean() > 0.005


def test_the_photo_of_a_region_is_not_recolored(
    stylizer: FastStylizer, source: Source, waves: Style
) -> None:
    method = controlled(stylizer, strength=1.0, colors="palette", palette=["red,black"])
    painted = method.prepare(source, waves, [Region(EVERYWHERE, None)]).paint(WHOLE)
    np.testing.assert_array_equal(painted, source.read(WHOLE) / np.float32(255))


def test_a_vector_of_another_encoder_is_refused(
    stylizer: FastStylizer, source: Source, waves: Style
) -> None:
    from impasto.errors import EncoderMismatch

    with pytest.raises(EncoderMismatch):
        stylizer.prepare(source, waves, [Region(LEFT, replace(waves, encoder_id="other"))])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=4))
def test_shares_are_1_in_sum(weights: list[float]) -> None:
    planes = np.random.default_rng(0).random((len(weights), 5, 7), np.float32)
    regions = [Region(Mask(p), None, w) for p, w in zip(planes, weights, strict=True)]
    parts = shares(regions, whole(20, 30), 20, 30)
    assert parts.shape == (1 + len(weights), 20, 30)
    assert parts.min() >= 0
    np.testing.assert_allclose(parts.sum(0), 1, atol=1e-6)
