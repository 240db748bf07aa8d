"""Tiles equal the whole: any size of picture and tile, every control, every engine."""

import importlib.util
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from impasto.images.masks import Mask
from impasto.images.samples import Samples, to_samples
from impasto.images.source import ArraySource
from impasto.images.window import whole
from impasto.methods.base import Painter, Region
from impasto.methods.fast import FastStylizer
from impasto.methods.paint import painted_strips, painted_whole, rows_of
from impasto.methods.stylize import method_of
from impasto.settings.stylize import StylizeSettings

ENGINES = [name for name in ("openvino", "onnxruntime", "torch") if importlib.util.find_spec(name)]
CONTROLS: list[dict[str, Any]] = [
    {},
    {"strength": 0.1},
    {"strength": 0.1, "blend": "linear"},
    {"strength": 1.7},
    {"colors": "content"},
    {"colors": "match", "color_strength": 0.6},
    {"palette": ("navy", "gold", "white")},
    {"strokes": "0.7"},
    {"strokes": "2.5"},
    {"strokes": "2.5", "strength": 0.6, "colors": "match"},
]


@pytest.fixture(scope="module", params=ENGINES)
def painter_of(request: pytest.FixtureRequest) -> FastStylizer:
    """The shipped painter in full precision, on each engine that is installed."""
    return FastStylizer.open(engine=request.param, device="cpu", precision="f32")


def tiled(painter: Painter, side: int) -> npt.NDArray[np.int32]:
    """Return a painting made of tiles of this side, 8 bits."""
    strips = [s.pixels for s in painted_strips(painter, 8, tile=side)]
    return np.concatenate(strips).astype(np.int32)


def picture(height: int, width: int) -> Samples:
    """Return shapes and texture, uint8 H W 3."""
    rows, columns = np.mgrid[:height, :width].astype(np.float32)
    noise = np.random.default_rng(height * width).random((height, width, 3), np.float32)
    waves = np.stack([np.sin(rows / 9), np.cos(columns / 7), np.sin((rows + columns) / 11)], -1)
    return to_samples(0.5 + 0.35 * waves + 0.15 * (noise - 0.5), 8)


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(
    size=st.tuples(st.integers(1, 300), st.integers(1, 300)),
    side=st.integers(24, 310),
    control=st.sampled_from(CONTROLS),
    regions=st.booleans(),
)
def test_tiles_equal_the_whole(
    painter_of: FastStylizer,
    size: tuple[int, int],
    side: int,
    control: dict[str, Any],
    regions: bool,
) -> None:
    source = ArraySource("picture", picture(*size))
    style, other = (painter_of.style([name]) for name in ("starry-night", "great-wave"))
    disc = Mask((np.hypot(*np.mgrid[-1:1:20j, -1:1:20j]) < 0.7).astype(np.float32))
    method = method_of(painter_of, StylizeSettings(**control))
    painter = method.prepare(source, style, [Region(disc, other, 0.9)] if regions else [])
    everything = to_samples(painter.paint(whole(*size)), 8).astype(np.int32)
    assert np.abs(tiled(painter, side) - everything).max() <= 1


def test_relative_strokes_have_no_seams_either(stylizer: FastStylizer) -> None:
    source = ArraySource("wide", picture(90, 1600))
    method = method_of(stylizer, StylizeSettings())
    painter = method.prepare(source, stylizer.style(["starry-night"]))
    assert np.abs(tiled(painter, 160) - tiled(painter, 1600)).max() <= 1


@pytest.mark.parametrize("strokes", ["native", "relative", "0.5", "3"])
@pytest.mark.parametrize("colors", ["style", "content", "match"])
@pytest.mark.parametrize("depth", [8, 16])
def test_strength_nothing_is_the_photo(
    stylizer: FastStylizer, strokes: str, colors: Any, depth: int
) -> None:
    samples = np.random.default_rng(0).integers(0, 256, (40, 700, 3), dtype=np.uint8)
    chosen = StylizeSettings(strength=0, strokes=strokes, colors=colors)
    painter = method_of(stylizer, chosen).prepare(
        ArraySource("photo", samples), stylizer.style(["starry-night"])
    )
    expected = samples if depth == 8 else samples.astype(np.uint16) * 257
    np.testing.assert_array_equal(painted_whole(painter, depth), expected)


@pytest.mark.parametrize("strokes", ["native", "relative", "2"])
def test_a_style_mixed_with_itself_is_that_style(stylizer: FastStylizer, strokes: str) -> None:
    source = ArraySource("photo", picture(60, 700))
    method = method_of(stylizer, StylizeSettings(strokes=strokes))
    words = [["great-wave"], ["great-wave:0.3", "great-wave:0.7"]]
    one, mixed = (tiled(method.prepare(source, stylizer.style(w)), 512) for w in words)
    assert np.abs(one - mixed).max() <= 1


@pytest.mark.parametrize("strokes", ["native", "relative", "2"])
def test_a_region_of_ones_is_no_region(stylizer: FastStylizer, strokes: str) -> None:
    source = ArraySource("photo", picture(60, 700))
    method = method_of(stylizer, StylizeSettings(strokes=strokes))
    ground, style = (stylizer.style([name]) for name in ("starry-night", "great-wave"))
    everywhere = Region(Mask(np.ones((4, 4), np.float32)), style)
    inside = tiled(method.prepare(source, ground, [everywhere]), 512)
    assert np.abs(inside - tiled(method.prepare(source, style), 512)).max() <= 1


def test_strips_stay_small_however_wide_the_picture() -> None:
    for width in (1, 1000, 16_384, 32_768):
        for depth in (8, 16):
            rows = rows_of(width, depth)
            assert rows == 2048 or rows * width * 3 * depth // 8 <= 64 << 20
            assert rows % 8 == 0
