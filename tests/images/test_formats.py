"""What is written in each format is what is read back."""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from impasto.images.formats import BY_SUFFIX, Encoding, encode
from impasto.images.metadata import Metadata
from impasto.images.profiles import srgb_profile
from impasto.images.rows import Layout

LOSSLESS = (".png", ".tif", ".tiff", ".bmp")
LAB = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()


def picture(channels: int) -> npt.NDArray[np.uint8]:
    """Return a smooth 40 x 60 picture; with four channels its left third is transparent."""
    rows, columns = np.mgrid[:40, :60]
    planes = [rows * 6, columns * 4, 255 - rows * 3, np.where(columns < 20, 0, 255)]
    return np.dstack(planes[:channels]).astype(np.uint8)


def encoded(suffix: str, pixels: npt.NDArray[np.uint8], **how: Any) -> bytes:
    """Return a file's bytes."""
    file = io.BytesIO()
    encode(
        file,
        BY_SUFFIX[suffix],
        [pixels],
        Layout(pixels.shape[0], pixels.shape[1], pixels.shape[2], 8),
        Encoding(**how),
    )
    return file.getvalue()


def read_back(suffix: str, pixels: npt.NDArray[np.uint8], **how: Any) -> Image.Image:
    """Encode and open again."""
    image = Image.open(io.BytesIO(encoded(suffix, pixels, xmp=b"<x/>", **how)))
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
def test_the_profile_is_srgb_or_the_kept_one_where_there_is_a_place_for_it(suffix: str) -> None:
    for profile in (None, LAB):
        kept = Metadata(profile=profile)
        found = read_back(suffix, picture(3), kept=kept).info.get("icc_profile")
        assert found == ((profile or srgb_profile()) if BY_SUFFIX[suffix].profile else None)


@pytest.mark.parametrize("suffix", sorted(BY_SUFFIX.keys() - {".gif"}))
@pytest.mark.parametrize("dpi", [(300, 300), (72, 144)])
def test_the_resolution_comes_back(suffix: str, dpi: tuple[int, int]) -> None:
    image = read_back(suffix, picture(3), kept=Metadata(dpi=dpi))
    exif = image.getexif()
    found = image.info.get("dpi") or (exif[282], exif[283])
    assert np.allclose([float(value) for value in found], dpi, rtol=1e-3)


@pytest.mark.parametrize("suffix", BY_SUFFIX)
def test_no_resolution_stays_no_resolution_and_wild_ones_do_no_harm(suffix: str) -> None:
    assert read_back(suffix, picture(3)).info.get("dpi") in (None, (0, 0))
    for dpi in ((1e-9, 1e12), (1e30, 0.5)):
        read_back(suffix, picture(3), kept=Metadata(dpi=dpi))


def test_chroma_is_as_asked_and_full_by_default() -> None:
    stripes = np.zeros((32, 32, 3), np.uint8)
    stripes[:, ::2] = (255, 0, 0)
    stripes[:, 1::2] = (0, 0, 255)
    for suffix in (".jpg", ".avif"):
        off = [
            np.abs(np.asarray(read_back(suffix, stripes, **how)).astype(int) - stripes).mean()
            for how in ({}, {"chroma": "4:2:2"}, {"chroma": "4:2:0"})
        ]
        assert off[0] < 6 < 50 < min(off[1:])


def test_quality_makes_the_file() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    for suffix in (".jpg", ".webp", ".avif"):
        assert len(encoded(suffix, noise, quality=30)) < len(encoded(suffix, noise, quality=90))


def test_webp_of_quality_100_is_lossless() -> None:
    assert np.array_equal(np.asarray(read_back(".webp", picture(4), quality=100)), picture(4))


def test_the_same_pixels_give_the_same_file() -> None:
    for suffix in BY_SUFFIX:
        assert encoded(suffix, picture(3)) == encoded(suffix, picture(3)), suffix
