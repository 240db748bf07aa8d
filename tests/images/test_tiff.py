"""Our TIFF is what other software reads, at any size, depth and height of strips."""

import io

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from impasto.images import tiff as module
from impasto.images.metadata import Metadata
from impasto.images.profiles import srgb_profile
from impasto.images.rows import Layout
from impasto.images.samples import Samples, white_of
from impasto.images.tiff import write_tiff


def pixels(height: int, width: int, channels: int, depth: int) -> Samples:
    """Return random samples."""
    kind = np.uint8 if depth == 8 else np.uint16
    shape = (height, width, channels)
    return np.random.default_rng(0).integers(0, white_of(depth), shape, kind, endpoint=True)


def written(values: Samples, rows: int, **kept: object) -> io.BytesIO:
    """Return the file, written in strips of so many rows."""
    file = io.BytesIO()
    height, width, channels = values.shape
    write_tiff(
        file,
        (values[top : top + rows] for top in range(0, len(values), rows)),
        Layout(height, width, channels, 8 * values.dtype.itemsize),
        profile=srgb_profile(),
        xmp=b"<x/>",
        kept=Metadata(**kept),  # type: ignore[arg-type]
    )
    file.seek(0)
    return file


SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@settings(max_examples=60)
@given(SIZES, st.sampled_from([3, 4]), st.sampled_from([8, 16]), st.integers(1, 50))
def test_every_size_depth_and_strip_comes_back(
    size: tuple[int, int], channels: int, depth: int, rows: int
) -> None:
    values = pixels(*size, channels, depth)
    file = written(values, rows)
    np.testing.assert_array_equal(tifffile.imread(file).reshape(values.shape), values)
    if depth == 8:  # Pillow, and so libtiff, reads no more
        with Image.open(file) as image:
            np.testing.assert_array_equal(np.asarray(image), values)


@pytest.mark.parametrize("depth", [8, 16])
@pytest.mark.parametrize("big", [False, True])
def test_a_picture_of_many_strips_comes_back(
    depth: int, big: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_BIG", 0 if big else module._BIG)
    values = pixels(700, 1300, 3, depth)
    file = written(values, 128)
    with tifffile.TiffFile(file) as tiff:
        assert tiff.is_bigtiff == big and len(tiff.pages[0].dataoffsets) > 2
        np.testing.assert_array_equal(tiff.asarray(), values)


@pytest.mark.parametrize("big", [False, True])
def test_other_software_finds_profile_resolution_xmp_and_exif(
    big: bool, monkeypatch: pytest.MonkeyPatch, full_exif: Image.Exif
) -> None:
    monkeypatch.setattr(module, "_BIG", 0 if big else module._BIG)
    file = written(pixels(4, 4, 4, 8), 4, dpi=(300, 72.5), exif=full_exif.tobytes())
    with Image.open(file) as image:
        assert image.info["icc_profile"] == srgb_profile() and image.info["xmp"] == b"<x/>"
        assert tuple(map(float, image.info["dpi"])) == (300, 72.5)
        assert image.mode == "RGBA" and image.getexif()[271] == "Canon"
        assert image.getexif().get_ifd(34665)[42036] == "RF24-105mm"
    file.seek(0)
    with tifffile.TiffFile(file) as tiff:
        page = tiff.pages.first
        assert page.extrasamples == (tifffile.EXTRASAMPLE.UNASSALPHA,)
        assert page.compression == tifffile.COMPRESSION.ADOBE_DEFLATE
        assert page.predictor == tifffile.PREDICTOR.HORIZONTAL


def test_smooth_pictures_get_small() -> None:
    ramp = np.repeat(np.arange(1000, dtype=np.uint16)[None, :, None] * 60, 3, 2)
    assert written(np.repeat(ramp, 500, 0), 500).getbuffer().nbytes < 30_000
