"""From a file to a signed file, and the function `impasto.stylize`."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

import impasto
from impasto.device.progress import Progress
from impasto.errors import Interrupted, SettingError, UnknownStyle
from impasto.images.metadata import Metadata
from impasto.images.samples import to_depth, to_samples
from impasto.images.sink import create_picture
from impasto.images.source import open_picture
from impasto.images.window import Strip, Window
from impasto.methods.fast import FastStylizer
from impasto.methods.stylize import stylize, stylize_array, stylize_file
from impasto.provenance.disclosure import read_disclosure

Pixels = npt.NDArray[np.float32]


def test_the_public_function_paints(photo: Pixels) -> None:
    painted = impasto.stylize(photo, "starry-night")
    assert painted.size == (96, 72) and painted.mode == "RGB"


def test_alpha_passes_through(stylizer: FastStylizer, photo: Pixels) -> None:
    alpha = np.linspace(0, 255, 72 * 96).reshape(72, 96, 1).astype(np.uint8)
    rgba = np.concatenate([np.rint(photo * 255).astype(np.uint8), alpha], 2)
    painted = np.asarray(stylize(rgba, "starry-night", stylizer=stylizer))
    np.testing.assert_array_equal(painted[..., 3:], alpha)


def test_arrays_come_at_the_depth_of_the_picture(stylizer: FastStylizer, photo: Pixels) -> None:
    for depth in (8, 16):
        samples = to_samples(photo, depth)
        deep = stylize_array(samples, "starry-night", stylizer=stylizer)
        assert deep.dtype == f"uint{depth}"
        image = np.asarray(stylize(samples, "starry-night", stylizer=stylizer))
        assert np.abs(to_depth(deep, 8).astype(int) - image).max() <= 1
    shallow = stylize_array(to_samples(photo, 16), "starry-night", stylizer=stylizer, depth="8")
    assert shallow.dtype == np.uint8


def test_progress_is_told_and_can_stop_the_work(stylizer: FastStylizer, photo: Pixels) -> None:
    events: list[Progress] = []
    stylize(photo, "starry-night", stylizer=stylizer, on_progress=events.append)
    assert [(e.kind, e.step, e.total, e.eta_s) for e in events] == [("tile", 1, 1, 0)]

    def stop(event: Progress) -> None:
        raise Interrupted("enough")

    with pytest.raises(Interrupted, match="enough"):
        stylize(photo, "starry-night", stylizer=stylizer, on_progress=stop)


def test_a_mix_and_a_style_object_are_styles_too(stylizer: FastStylizer, photo: Pixels) -> None:
    mixed = stylizer.style(["great-wave:0.6", "starry-night:0.4"])
    one = stylize(photo, mixed, stylizer=stylizer)
    other = stylize(photo, ["great-wave:3", "starry-night:2"], stylizer=stylizer)
    assert np.abs(np.asarray(one, int) - np.asarray(other, int)).max() <= 1


def test_a_path_is_a_style_too(stylizer: FastStylizer, photo: Pixels, tmp_path: Path) -> None:
    stylizer.style(["great-wave"]).save(tmp_path / "mine.style")
    painted = stylize_array(photo, tmp_path / "mine.style", stylizer=stylizer)
    np.testing.assert_array_equal(painted, stylize_array(photo, "great-wave", stylizer=stylizer))


def test_numbers_may_be_given_as_numbers(stylizer: FastStylizer, photo: Pixels) -> None:
    painted = stylize_array(photo, "great-wave", stylizer=stylizer, depth=16, strokes=2)
    assert painted.dtype == np.uint16


def test_size_is_the_long_side(stylizer: FastStylizer, photo: Pixels) -> None:
    assert stylize(photo, "starry-night", stylizer=stylizer, size=48).size == (48, 36)


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"strenght": 1}, SettingError),
        ({"strength": 3}, SettingError),
    ],
)
def test_wrong_options_are_explained(photo: Pixels, options: dict[str, Any], error: type) -> None:
    with pytest.raises(error, match="stren"):
        stylize(photo, "starry-night", **options)


def test_an_unknown_style_is_explained(photo: Pixels) -> None:
    with pytest.raises(UnknownStyle, match="starry-night"):
        stylize(photo, "stary-night")


def test_a_file_is_painted_and_signed(
    stylizer: FastStylizer, photo: Pixels, tmp_path: Path
) -> None:
    content, output = tmp_path / "photo.png", tmp_path / "out.png"
    Image.fromarray(np.rint(photo * 255).astype(np.uint8)).save(content)
    stylize_file(content, output, "starry-night", stylizer=stylizer, strength=0.8)
    signed = read_disclosure(output)
    assert signed is not None
    assert signed["source_type"] == "compositeWithTrainedAlgorithmicMedia"
    assert signed["tool"] == f"Impasto {impasto.__version__}"
    assert signed["settings"]["strength"] == 0.8
    assert signed["settings"]["style"]["name"] == "starry-night"
    with Image.open(output) as painted:
        assert painted.size == (96, 72)


@pytest.mark.parametrize("depth", ["auto", "8", "16"])
@pytest.mark.parametrize("keep", [False, True])
def test_depth_resolution_and_if_wished_exif_stay(
    stylizer: FastStylizer, photo: Pixels, tmp_path: Path, depth: str, keep: bool
) -> None:
    exif = Image.Exif()
    exif[271] = "Canon"
    kept = Metadata(dpi=(300, 300), exif=exif.tobytes())
    content, output = tmp_path / "photo.png", tmp_path / "out.tif"
    sink = create_picture(content, 72, 96, depth=16, kept=kept)
    sink.write([Strip(to_samples(photo, 16))])
    stylize_file(
        content, output, "starry-night",
        stylizer=stylizer, strength=0, depth=depth, keep_metadata=keep,
    )  # fmt: skip
    result = open_picture(output)
    assert result.depth == (8 if depth == "8" else 16)
    assert np.allclose(result.metadata.dpi or 0, (300, 300), atol=0.01)
    assert (result.metadata.exif is not None) is keep
    np.testing.assert_array_equal(
        result.read(Window(0, 0, 72, 96)), to_samples(photo, result.depth)
    )


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".tif"])
def test_what_a_callback_raises_ends_a_picture_without_a_trace(
    stylizer: FastStylizer, tmp_path: Path, suffix: str
) -> None:
    photo = tmp_path / "photo.png"
    Image.fromarray(np.zeros((40, 2100, 3), np.uint8)).save(photo)
    told: list[Progress] = []

    def stop(progress: Progress) -> None:
        told.append(progress)
        if progress.step == 2:
            raise Interrupted("enough")

    output = tmp_path / f"out{suffix}"
    with pytest.raises(Interrupted):
        stylize_file(photo, output, "starry-night", stylizer=stylizer, on_progress=stop)
    assert [(event.step, event.total) for event in told] == [(1, 2), (2, 2)]
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]


def test_a_photo_turned_by_exif_is_painted_as_its_upright_pixels(
    stylizer: FastStylizer, photo: Pixels, tmp_path: Path
) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    samples = to_samples(photo, 8)
    Image.fromarray(samples).save(tmp_path / "turned.png", exif=exif)
    turned = stylize_array(tmp_path / "turned.png", "starry-night", stylizer=stylizer)
    upright = stylize_array(np.rot90(samples, -1), "starry-night", stylizer=stylizer)
    np.testing.assert_array_equal(turned, upright)
