"""Strokes: previews and full sizes are alike, and tiles equal the whole."""

import numpy as np
import numpy.typing as npt
import pytest
from skimage.metrics import structural_similarity

from impasto.images.resize import resize
from impasto.images.samples import to_samples
from impasto.images.scale import Scaled
from impasto.images.source import ArraySource, Source
from impasto.images.window import Window, whole
from impasto.methods.fast import FastStylizer
from impasto.methods.strokes import NATIVE_TO, PainterOf, Strokes

Pixels = npt.NDArray[np.float32]


@pytest.fixture(scope="module")
def large(photo: Pixels) -> Source:
    """A picture for which relative strokes take all their steps: 1,568 pixels wide."""
    return ArraySource("large", to_samples(resize(np.tile(photo, (1, 4, 1)), 200, 1568), 8))


def painted(stylizer: FastStylizer, strokes: str, source: Source) -> Pixels:
    style = stylizer.style(["starry-night"])
    painter = Strokes(stylizer, strokes).prepare(source, style)
    assert painter.source is source
    return painter.paint(whole(source.height, source.width))


@pytest.mark.parametrize("strokes", ["native", "relative", "1"])
def test_small_pictures_are_painted_as_they_are(
    stylizer: FastStylizer, photo: Pixels, strokes: str
) -> None:
    source = ArraySource("small", to_samples(photo, 8))
    assert max(source.height, source.width) <= NATIVE_TO
    plain = stylizer.prepare(source, stylizer.style(["starry-night"])).paint(whole(72, 96))
    np.testing.assert_array_equal(painted(stylizer, strokes, source), plain)


@pytest.mark.parametrize(("strokes", "side"), [("relative", 512), ("2", 784), ("4", 392)])
def test_a_painting_looks_like_that_of_a_smaller_copy(
    stylizer: FastStylizer, large: Source, strokes: str, side: int
) -> None:
    copy = painted(stylizer, "native", ArraySource("p", to_samples(large.thumbnail(side), 8)))

    def likeness(strokes: str) -> float:
        small = resize(painted(stylizer, strokes, large), *copy.shape[:2])
        found = structural_similarity(small, copy, channel_axis=2, data_range=1)  # type: ignore[no-untyped-call]
        return float(found)

    assert likeness(strokes) > 1.2 * likeness("native")


def test_a_factor_under_one_is_a_reduced_painting_of_a_larger_copy(
    stylizer: FastStylizer, photo: Pixels
) -> None:
    source = ArraySource("small", to_samples(photo, 8))
    finer = painted(stylizer, "native", Scaled(source, 144, 192))
    np.testing.assert_allclose(painted(stylizer, "0.5", source), resize(finer, 72, 96), atol=1e-4)


@pytest.mark.parametrize("strokes", ["relative", "0.6", "1.7", "4"])
@pytest.mark.parametrize(
    "window", [Window(0, 0, 130, 333), Window(57, 801, 140, 301), Window(199, 1567, 1, 1)]
)
def test_tiles_equal_the_whole(
    stylizer: FastStylizer, large: Source, strokes: str, window: Window
) -> None:
    painter = Strokes(stylizer, strokes).prepare(large, stylizer.style(["great-wave"]))
    everything = painter.paint(whole(200, 1568))
    np.testing.assert_allclose(painter.paint(window), everything[window.slices], atol=1 / 255)


@pytest.mark.parametrize("strokes", ["relative", "1.7"])
def test_what_is_painted_at_the_end_is_the_same_in_every_tile(
    stylizer: FastStylizer, large: Source, strokes: str
) -> None:
    painter = Strokes(stylizer, strokes).prepare(large, stylizer.style(["great-wave"]))
    assert isinstance(painter, PainterOf)
    refined, window = painter.inner.source, Window(57, 801, 140, 301)
    everything = refined.read(whole(200, 1568))
    np.testing.assert_array_equal(refined.read(window), everything[window.slices])


def test_tiles_of_very_large_pictures_equal_the_whole(stylizer: FastStylizer) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (17, 7000, 3), dtype=np.uint8)
    source = ArraySource("long", pixels)
    painter = Strokes(stylizer).prepare(source, stylizer.style(["great-wave"]))
    everything = painter.paint(whole(17, 7000))
    for window in (Window(0, 0, 17, 800), Window(3, 3001, 9, 703), Window(0, 6999, 17, 1)):
        part = painter.paint(window)
        np.testing.assert_allclose(part, everything[window.slices], atol=1 / 255)


@pytest.mark.parametrize("strokes", ["relative", "0.5", "3"])
@pytest.mark.parametrize("size", [(8, 8), (1, 700), (701, 9)])
def test_odd_pictures_are_painted_too(
    stylizer: FastStylizer, strokes: str, size: tuple[int, int]
) -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (*size, 3), dtype=np.uint8)
    result = painted(stylizer, strokes, ArraySource("odd", pixels))
    assert result.shape == (*size, 3)
    assert np.isfinite(result).all() and result.min() >= 0 and result.max() <= 1
