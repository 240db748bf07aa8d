"""Color profiles are followed where they fit and ignored where they are broken."""

import io

import numpy as np
import pytest
from PIL import Image, ImageCms

from impasto.images.profiles import kept_profile, srgb_profile, to_srgb


def swapped_profile() -> bytes:
    """Return a profile whose red is green's and whose green is red's, made from sRGB's."""
    data = srgb_profile().replace(b"rXYZ", b"tmp!").replace(b"gXYZ", b"rXYZ")
    description = "sRGB".encode("utf-16-be")
    return data.replace(b"tmp!", b"gXYZ").replace(description, "odd!".encode("utf-16-be"))


def test_the_srgb_profile_is_valid_and_always_the_same() -> None:
    profile = ImageCms.ImageCmsProfile(io.BytesIO(srgb_profile()))
    assert "sRGB" in (profile.profile.profile_description or "")
    srgb_profile.cache_clear()
    assert srgb_profile() == profile.tobytes()


def test_srgb_changes_nothing() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (8, 9, 3), np.uint8)
    assert np.array_equal(np.asarray(to_srgb(Image.fromarray(pixels), srgb_profile())), pixels)


def test_a_profile_with_swapped_primaries_swaps_the_colors() -> None:
    red = Image.new("RGB", (2, 2), (255, 0, 0))
    pixel = np.asarray(to_srgb(red, swapped_profile()))[0, 0].astype(int)
    assert np.abs(pixel - (0, 255, 0)).max() <= 2


def test_a_grey_picture_may_carry_the_profile_of_a_screen() -> None:
    grey = Image.new("L", (2, 2), 77)
    assert np.asarray(to_srgb(grey, srgb_profile()))[0, 0].tolist() == [77, 77, 77]


def test_lab_becomes_srgb() -> None:
    lab = ImageCms.createProfile("LAB")
    red = Image.new("RGB", (2, 2), (200, 40, 30))
    as_lab = ImageCms.profileToProfile(red, ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    assert as_lab is not None
    pixel = np.asarray(to_srgb(as_lab, None))[0, 0].astype(int)
    assert np.abs(pixel - (200, 40, 30)).max() <= 4


@pytest.mark.parametrize("profile", [None, b"", b"nonsense", srgb_profile()[:200], b"\0" * 600])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_missing_and_broken_profiles_are_ignored(profile: bytes | None, mode: str) -> None:
    image = Image.new("RGB", (2, 2), (10, 200, 30)).convert(mode)
    result = to_srgb(image, profile)
    assert np.array_equal(np.asarray(result), np.asarray(image.convert("RGB")))


def test_a_profile_for_other_channels_is_ignored() -> None:
    image = Image.new("CMYK", (2, 2), (0, 255, 255, 0))
    assert np.asarray(to_srgb(image, srgb_profile()))[0, 0].tolist() == [255, 0, 0]


@pytest.mark.parametrize(
    ("mode", "icc", "kept"),
    [
        ("RGB", swapped_profile(), True),
        ("RGBA", swapped_profile(), True),
        ("P", swapped_profile(), True),
        ("L", swapped_profile(), False),
        ("CMYK", swapped_profile(), False),
        ("LAB", None, False),
        ("RGB", srgb_profile(), False),
        ("RGB", b"nonsense", False),
        ("RGB", None, False),
    ],
)
def test_only_sound_profiles_of_color_are_kept(mode: str, icc: bytes | None, kept: bool) -> None:
    assert kept_profile(mode, icc) == (icc if kept else None)
