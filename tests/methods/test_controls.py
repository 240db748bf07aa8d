"""Strength and colors."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from impasto.errors import EncoderMismatch, SettingError
from impasto.images.color import luminance
from impasto.images.samples import to_floats
from impasto.images.source import Source, open_picture
from impasto.images.transparency import Blend
from impasto.images.window import Window, whole
from impasto.methods.after import AfterPainter
from impasto.methods.base import Painter, Region
from impasto.methods.colors import ContentColors, MatchColors
from impasto.methods.controls import Strength, controlled
from impasto.methods.fast import FastStylizer
from impasto.methods.regions import Photo
from impasto.methods.strokes import Strokes
from impasto.provenance.cards import StyleCard
from impasto.styles.gallery import find
from impasto.styles.style import Style

Pixels = npt.NDArray[np.float32]
WHOLE = whole(72, 96)


def paint(stylizer: FastStylizer, photo: Pixels, strength: float, colors: str = "style") -> Pixels:
    method = controlled(stylizer, strength=strength, colors=colors)
    return method.prepare(open_picture(photo), stylizer.style(["starry-night"])).paint(WHOLE)


@pytest.mark.parametrize("colors", ["style", "content"])
def test_strength_0_is_the_content_bit_for_bit(
    stylizer: FastStylizer, photo: Pixels, colors: str
) -> None:
    source = open_picture(photo)
    painted = paint(stylizer, photo, 0, colors)
    np.testing.assert_array_equal(np.rint(painted * 255), source.read(WHOLE))


def test_strength_1_is_the_method_itself(stylizer: FastStylizer, photo: Pixels) -> None:
    plain = stylizer.prepare(open_picture(photo), stylizer.style(["starry-night"])).paint(WHOLE)
    np.testing.assert_array_equal(paint(stylizer, photo, 1), plain)


def test_more_strength_is_farther_from_the_photo(stylizer: FastStylizer, photo: Pixels) -> None:
    distances = [np.abs(paint(stylizer, photo, s) - photo).mean() for s in (0, 0.1, 0.5, 1, 1.5)]
    assert distances == sorted(distances)


def test_strength_has_no_jump_where_fading_ends(stylizer: FastStylizer, photo: Pixels) -> None:
    below, above = paint(stylizer, photo, 0.2499), paint(stylizer, photo, 0.2501)
    assert np.abs(below - above).max() < 0.01


def test_content_colors_keep_chroma_and_paint_light(stylizer: FastStylizer, photo: Pixels) -> None:
    grey = np.repeat(luminance(photo)[..., None], 3, 2)
    painted = paint(stylizer, grey, 1, "content")
    assert np.ptp(painted, axis=2).max() < 0.005  # a grey photo stays grey
    assert np.abs(luminance(painted) - luminance(grey)).mean() > 0.02


def test_controls_tile_exactly(stylizer: FastStylizer, photo: Pixels) -> None:
    method = controlled(stylizer, strength=0.2, colors="content")
    painter = method.prepare(open_picture(photo), stylizer.style(["starry-night"]))
    window = Window(11, 22, 33, 44)
    np.testing.assert_allclose(
        painter.paint(window), painter.paint(WHOLE)[window.slices], atol=1e-3
    )


def test_strength_wraps_any_vector_method(stylizer: FastStylizer, photo: Pixels) -> None:
    painter = Strength(stylizer, 2.0).prepare(open_picture(photo), stylizer.style(["great-wave"]))
    assert np.isfinite(painter.paint(WHOLE)).all()


@pytest.mark.parametrize(
    ("wrapper", "value", "message"),
    [
        (Strength, 2.1, "--strength must be between 0 and 2, got 2.1"),
        (ContentColors, -1, "--color-strength must be between 0 and 1, got -1"),
        (MatchColors, 1.5, "--color-strength must be between 0 and 1, got 1.5"),
        (Strokes, "larg", "--strokes must be relative, native or a number from 0.5 to 4"),
        (Strokes, 5, "--strokes as a number must be 0.5 to 4, got 5"),
    ],
)
def test_wrappers_refuse_what_the_options_refuse(
    stylizer: FastStylizer, wrapper: Any, value: object, message: str
) -> None:
    with pytest.raises(SettingError, match=message):
        wrapper(stylizer, value)


@dataclass(frozen=True)
class Negative:
    """A method without vectors: it paints the negative."""

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return its painter."""
        return AfterPainter(Photo(source), lambda content, painted: 1 - content)


@pytest.mark.parametrize("blend", ["gamma", "linear"])
def test_strength_fades_pixels_where_there_are_no_vectors(photo: Pixels, blend: Blend) -> None:
    source, style = open_picture(photo), find("great-wave")

    def painted(strength: float) -> Pixels:
        return Strength(Negative(), strength, blend).prepare(source, style).paint(WHOLE)

    seen = to_floats(source.read(WHOLE))
    np.testing.assert_array_equal(painted(0), seen)
    np.testing.assert_array_equal(painted(1), 1 - seen)
    np.testing.assert_allclose(painted(0.999), 1 - seen, atol=0.02)
    distances = [np.abs(painted(s) - seen).mean() for s in (0, 0.1, 0.5, 0.9, 1)]
    assert distances == sorted(distances)


def test_a_style_without_a_vector_is_explained(stylizer: FastStylizer, photo: Pixels) -> None:
    source = open_picture(photo)
    style = Style.of_painting(source, StyleCard("my-painting"))
    with pytest.raises(EncoderMismatch, match=r"no vector.*FastStylizer\.style"):
        Strength(stylizer, 0.5).prepare(source, style)


def test_no_more_than_the_painting_where_there_are_no_vectors() -> None:
    with pytest.raises(SettingError, match=r"between 0 and 1 here, got 1\.5.*no style vectors"):
        Strength(Negative(), 1.5)
