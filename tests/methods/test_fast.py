"""The shipped painter through the engine: tiles, sizes, parity of engines."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.errors import EncoderMismatch
from impasto.images.samples import to_samples
from impasto.images.source import ArraySource, open_picture
from impasto.images.window import Window, whole
from impasto.methods.fast import FastStylizer
from impasto.styles.style import Style

Pixels = npt.NDArray[np.float32]
STYLE = ("starry-night",)


def large(photo: Pixels) -> Pixels:
    return np.tile(photo, (4, 3, 1))[:261, :275]


def test_tiles_equal_the_whole(stylizer: FastStylizer, photo: Pixels) -> None:
    painter = stylizer.prepare(open_picture(large(photo)), stylizer.style(STYLE))
    full = painter.paint(whole(261, 275))
    for window in (Window(0, 0, 64, 64), Window(101, 33, 57, 90), Window(200, 201, 61, 74)):
        np.testing.assert_allclose(painter.paint(window), full[window.slices], atol=1e-4)


def test_painting_changes_the_picture_and_stays_in_range(
    stylizer: FastStylizer, photo: Pixels
) -> None:
    painted = stylizer.prepare(open_picture(photo), stylizer.style(STYLE)).paint(whole(72, 96))
    assert painted.shape == photo.shape and painted.dtype == np.float32
    assert painted.min() >= 0 and painted.max() <= 1
    assert np.abs(painted - photo).mean() > 0.05


def test_a_clear_sky_is_painted_in_strokes_not_in_scan_lines(stylizer: FastStylizer) -> None:
    # In 8 bits it changes by one step every few rows; along a row it is the same everywhere.
    sky = np.linspace(0.5, 0.6, 160, dtype=np.float32)[:, None, None] + np.zeros((1, 160, 3))
    painted = stylizer.prepare(open_picture(sky), stylizer.style(STYLE)).paint(whole(160, 160))
    inner = painted[40:-40, 40:-40]
    across, down = np.diff(inner, axis=1), np.diff(inner, axis=0)
    assert np.abs(across).mean() > 0.25 * np.abs(down).mean() > 0


def test_a_thumbnail_that_a_source_keeps_stays_as_it_is(
    stylizer: FastStylizer, photo: Pixels
) -> None:
    planes = np.ascontiguousarray(photo.transpose(2, 0, 1))  # as paintings of a network lie

    class Keeping(ArraySource):
        def thumbnail(self, long_side: int) -> Pixels:
            return planes.transpose(1, 2, 0)

    stylizer.prepare(Keeping("kept", to_samples(photo, 8)), stylizer.style(STYLE))
    np.testing.assert_array_equal(planes.transpose(1, 2, 0), photo)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 40), (7, 9), (8, 8), (33, 17)])
def test_any_size_works(stylizer: FastStylizer, photo: Pixels, height: int, width: int) -> None:
    source = open_picture(photo[:height, :width])
    painted = stylizer.prepare(source, stylizer.style(STYLE)).paint(whole(height, width))
    assert painted.shape == (height, width, 3) and np.isfinite(painted).all()


@pytest.mark.parametrize("engine", ["onnxruntime", "torch"])
def test_engines_paint_the_same_picture(stylizer: FastStylizer, photo: Pixels, engine: str) -> None:
    other = FastStylizer.open(engine=engine, precision="f32", device="cpu")
    source, style = open_picture(photo), stylizer.style(STYLE)
    ours = stylizer.prepare(source, style).paint(whole(72, 96))
    theirs = other.prepare(source, style).paint(whole(72, 96))
    np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_encoding_is_the_same_for_equal_pictures(stylizer: FastStylizer, photo: Pixels) -> None:
    np.testing.assert_array_equal(stylizer.encode(photo), stylizer.encode(photo.copy()))
    assert np.abs(stylizer.encode(photo) - stylizer.encode(1 - photo)).max() > 0.01


def test_a_style_of_another_encoder_is_refused(stylizer: FastStylizer, photo: Pixels) -> None:
    style = stylizer.style(STYLE)
    with pytest.raises(EncoderMismatch):
        stylizer.prepare(open_picture(photo), Style(style.vector, "other", style.card))


def test_one_word_is_a_style_as_well_as_several(stylizer: FastStylizer) -> None:
    one, several = stylizer.style("starry-night"), stylizer.style(STYLE)
    np.testing.assert_array_equal(one.vector, several.vector)


def test_a_painting_stays_at_hand_with_its_style(
    stylizer: FastStylizer, photo: Pixels, tmp_path: Path
) -> None:
    Image.fromarray((photo * 255).astype(np.uint8)).save(tmp_path / "my,own Style.png")
    painting = stylizer.style(tmp_path / "my,own Style.png").painting
    assert painting is not None and painting.width == 96
    assert stylizer.style(STYLE).painting is None
