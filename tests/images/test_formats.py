"""What is written in each format is what is read back."""

import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from impasto.images.formats import BY_SUFFIX, encode
from impasto.images.profiles import srgb_profile

LOSSLESS = (".png", ".tif", ".tiff", ".bmp")


def picture(channels: int) -> npt.NDArray[np.uint8]:
    """Return a smooth 40 x 60 picture; with four channels its left third is transparent."""
    rows, columns = np.mgrid[:40, :60]
    planes = [rows * 6, columns * 4, 255 - rows * 3, np.where(columns < 20, 0, 255)]
    return np.dstack(planes[:channels]).astype(np.uint8)


def read_back(suffix: str, pixels: npt.NDArray[np.uint8], quality: int = 95) -> Image.Image:
    """Encode and open again."""
    file = io.BytesIO()
    encode(file, BY_SUFFIX[suffix], pixels, quality=quality, metadata=b"<x/>")
    image = Image.open(file)
    image.load()
    return image


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_pixels_come_back(suffix: str) -> None:
    pixels = picture(3)
    result = np.asarray(read_back(suffix, pixels).convert("RGB")).astype(int)
    if suffix in LOSSLESS:
        assert np.array_equal(result, pixels)
    else:
        assert np.abs(result - pixels).mean() < (8 if suffix == ".gif" else 2)


@pytest.mark.parametrize("suffix", [s for s, kind in BY_SUFFIX.items() if kind.alpha])
def test_alpha_comes_back(suffix: str) -> None:
    image = read_back(suffix, picture(4)).convert("RGBA")
    assert np.abs(np.asarray(image)[..., 3].astype(int) - picture(4)[..., 3]).max() <= 1
    seen = np.asarray(image)[:, 20:, :3].astype(int) - picture(4)[:, 20:, :3]
    assert np.abs(seen).mean() < 8


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_the_profile_is_srgb_where_there_is_a_place_for_it(suffix: str) -> None:
    found = read_back(suffix, picture(3)).info.get("icc_profile")
    assert found == (srgb_profile() if BY_SUFFIX[suffix].profile else None)


def test_jpeg_keeps_full_chroma() -> None:
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[:, ::2] = (255, 0, 0)
    stripes[:, 1::2] = (0, 0, 255)
    result = np.asarray(read_back(".jpg", stripes)).astype(int)
    assert np.abs(result - stripes).mean() < 6


def test_webp_of_quality_100_is_lossless() -> None:
    assert np.array_equal(np.asarray(read_back(".webp", picture(3), 100)), picture(3))


def test_the_same_pixels_give_the_same_file() -> None:
    for suffix, kind in BY_SUFFIX.items():
        files = [io.BytesIO(), io.BytesIO()]
        for file in files:
            encode(file, kind, picture(3), quality=90, metadata=None)
        assert files[0].getvalue() == files[1].getvalue(), suffix
