"""Color controls: whose colors, how far, exact in tiles, and as a table for other programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from impasto.images.color import luminance
from impasto.images.samples import to_floats
from impasto.images.source import Source, open_picture
from impasto.images.transfer import moments
from impasto.images.window import Window, whole
from impasto.methods.base import Painter, Region, WholePainter
from impasto.methods.colors import colored, grade
from impasto.methods.fast import FastStylizer
from impasto.styles.style import Style

Pixels = npt.NDArray[np.float32]

WHOLE = whole(72, 96)
MODES: dict[str, dict[str, Any]] = {
    "content": {},
    "match": {},
    "palette": {"palette": ("navy,gold,white",)},
}


@dataclass(frozen=True)
class Tint:
    """A method that paints a linear change of the photo; seen by no network, so exact."""

    matrix: npt.NDArray[np.float32]
    offset: float = 0.0

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Return its painter."""
        return TintPainter(source, self)


@dataclass(frozen=True)
class TintPainter:
    """The painter of a tint."""

    source: Source
    tint: Tint

    def paint(self, window: Window) -> Pixels:
        """Return the tinted window."""
        pixels = to_floats(self.source.read(window))
        return np.asarray(pixels @ self.tint.matrix.T + np.float32(self.tint.offset), np.float32)


WARM = Tint(np.array([[0.5, 0.1, 0.0], [0.1, 0.4, 0.1], [0.1, 0.0, 0.3]], np.float32), 0.2)
NOTHING = Tint(np.eye(3, dtype=np.float32))


@pytest.fixture
def style(stylizer: FastStylizer) -> Style:
    """A style of the gallery."""
    return stylizer.style(["starry-night"])


def soft(photo: Pixels) -> Pixels:
    """Return the photo with its colors around the middle, so that no map leaves the gamut."""
    return 0.3 + 0.4 * photo


def test_match_has_the_photos_mean_and_covariance(photo: Pixels, style: Style) -> None:
    source = open_picture(soft(photo))
    painted = colored(WARM, colors="match").prepare(source, style).paint(WHOLE)
    for found, wanted in zip(moments(painted), moments(to_floats(source.read(WHOLE))), strict=True):
        assert np.abs(found - wanted).max() < 1e-3


def test_match_brings_a_real_painting_nearer(
    stylizer: FastStylizer, photo: Pixels, style: Style
) -> None:
    source = open_picture(soft(photo))
    wanted = moments(soft(photo))
    plain, matched = (
        moments(colored(stylizer, colors=colors).prepare(source, style).paint(WHOLE))
        for colors in ("style", "match")
    )
    for number in (0, 1):
        far, near = (np.abs(one[number] - wanted[number]).max() for one in (plain, matched))
        assert near < 0.2 * far


def test_match_of_a_picture_onto_its_own_colors_is_that_picture(
    photo: Pixels, style: Style
) -> None:
    painter = colored(NOTHING, colors="match").prepare(open_picture(photo), style)
    assert (
        np.abs(painter.paint(WHOLE) - NOTHING.prepare(painter.source, style).paint(WHOLE)).max()
        < 1e-5
    )


@pytest.mark.parametrize("colors", MODES)
def test_color_strength_0_is_the_method_itself(
    stylizer: FastStylizer, photo: Pixels, style: Style, colors: str
) -> None:
    source = open_picture(photo)
    painted = colored(stylizer, colors=colors, color_strength=0, **MODES[colors])
    np.testing.assert_array_equal(
        painted.prepare(source, style).paint(WHOLE), stylizer.prepare(source, style).paint(WHOLE)
    )


@pytest.mark.parametrize("colors", MODES)
def test_more_color_strength_goes_farther(photo: Pixels, style: Style, colors: str) -> None:
    source = open_picture(photo)
    plain = WARM.prepare(source, style).paint(WHOLE)
    distances = [
        np.abs(
            colored(WARM, colors=colors, color_strength=s, **MODES[colors])
            .prepare(source, style)
            .paint(WHOLE)
            - plain
        ).mean()
        for s in (0, 0.3, 0.99, 1)
    ]
    assert distances == sorted(distances) and distances[-1] > 0.02


@pytest.mark.parametrize("share", [0.5, 1])
@pytest.mark.parametrize("colors", MODES)
def test_tiles_are_bit_for_bit_the_whole(
    photo: Pixels, style: Style, colors: str, share: float
) -> None:
    method = colored(WARM, colors=colors, color_strength=share, **MODES[colors])
    painter = method.prepare(open_picture(photo), style)
    # The tint itself is a matrix product, which may sum in another order in a tile.
    window = Window(0, 0, 72, 96)
    tiles = [Window(top, left, 36, 48) for top in (0, 36) for left in (0, 48)]
    canvas = np.zeros((72, 96, 3), np.float32)
    for tile in tiles:
        canvas[tile.slices] = painter.paint(tile)
    np.testing.assert_allclose(canvas, painter.paint(window), atol=1e-6)


@pytest.mark.parametrize("colors", MODES)
@pytest.mark.parametrize("shape", [(8, 8), (9, 31)])
def test_tiny_and_flat_and_grey_pictures_are_painted(
    stylizer: FastStylizer, style: Style, colors: str, shape: tuple[int, int]
) -> None:
    random = np.random.default_rng(0).random((*shape, 3), np.float32)
    grey = np.repeat(random[..., :1], 3, axis=2)
    for picture in (random, grey, np.full_like(random, 0.5), np.zeros_like(random)):
        method = colored(stylizer, colors=colors, **MODES[colors])
        painted = method.prepare(open_picture(picture), style).paint(whole(*shape))
        assert painted.shape == picture.shape and painted.dtype == np.float32
        assert np.isfinite(painted).all() and painted.min() >= 0 and painted.max() <= 1


@pytest.mark.parametrize("colors", ["content", "match"])
def test_a_grey_photo_stays_grey(
    stylizer: FastStylizer, photo: Pixels, style: Style, colors: str
) -> None:
    grey = np.repeat(luminance(photo)[..., None], 3, 2)
    painted = colored(stylizer, colors=colors).prepare(open_picture(grey), style).paint(WHOLE)
    assert np.ptp(painted, axis=2).max() < 0.02


def test_large_pictures_are_measured_small(style: Style) -> None:
    picture = np.random.default_rng(1).random((900, 1300, 3), np.float32)
    seen: list[int] = []

    @dataclass(frozen=True)
    class Seeing(Tint):
        def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
            seen.append(max(source.height, source.width))
            return super().prepare(source, style, regions)

    colored(Seeing(WARM.matrix), colors="match").prepare(open_picture(picture), style)
    assert sorted(seen) == [512, 1300]


@pytest.mark.parametrize("colors", ["match", "palette"])
def test_a_painting_that_exists_whole_is_measured_and_not_painted_again(
    style: Style, colors: str
) -> None:
    picture = np.random.default_rng(1).random((90, 130, 3), np.float32)
    prepared: list[Source] = []

    @dataclass(frozen=True)
    class Whole(TintPainter):
        def thumbnail(self, long_side: int) -> Pixels:
            return 0.5 * self.source.thumbnail(long_side)

    @dataclass(frozen=True)
    class Slow(Tint):
        def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
            prepared.append(source)
            return Whole(source, self)

    source, half = open_picture(picture), Slow(0.5 * np.eye(3, dtype=np.float32))
    options: dict[str, Any] = {"colors": colors, **MODES[colors]}
    painter = colored(half, **options).prepare(source, style)
    assert prepared == [source]
    again = colored(Tint(half.matrix), **options).prepare(source, style)
    window = whole(90, 130)
    np.testing.assert_allclose(painter.paint(window), again.paint(window), atol=1e-4)
    assert isinstance(painter, WholePainter)  # for the next wrapper
    np.testing.assert_allclose(painter.thumbnail(512), painter.paint(window), atol=1e-5)


def test_the_grade_of_a_linear_change_is_that_change(photo: Pixels, style: Style) -> None:
    # Symmetric, for of all changes with its moments the Monge-Kantorovich map is the symmetric one.
    matrix = np.array([[0.5, 0.1, 0.0], [0.1, 0.4, 0.1], [0.0, 0.1, 0.3]], np.float32)
    table = grade(Tint(matrix, 0.1), open_picture(photo), style)
    painted = photo @ matrix.T + np.float32(0.1)
    assert np.abs(table(photo) - painted).max() < 0.01
