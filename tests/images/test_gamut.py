"""16-bit colors follow their profile as Little CMS does in 8 bits, without its bands."""

import io
import struct

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms

from impasto.images.gamut import deep_to_srgb
from impasto.images.profiles import srgb_profile, to_srgb

ADOBE = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
P3 = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
GAMMA = b"curv" + bytes(4) + struct.pack(">IH", 1, 563)  # 2.2
SRGB = (
    b"para"
    + bytes(4)
    + struct.pack(
        ">2H5i",
        3,
        0,
        *(round(65536 * v) for v in (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)),
    )
)
TABLE = b"curv" + bytes(4) + struct.pack(">I5H", 5, 0, 3000, 14000, 34000, 65535)
LINEAR = b"curv" + bytes(8)


def profile(
    curve: bytes, primaries: tuple[tuple[float, ...], ...] = ADOBE, space: bytes = b"RGB "
) -> bytes:
    """Return a display profile of three equal curves and these primaries (D50), or of greys."""
    white = struct.pack(">4s4x3i", b"XYZ ", 63190, 65536, 54061)
    tags = {b"wtpt": white, b"cprt": b"text" + bytes(5)}
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        for letter, values in zip("rgb", primaries, strict=True):
            xyz = struct.pack(">4s4x3i", b"XYZ ", *(round(v * 65536) for v in values))
            tags[f"{letter}XYZ".encode()], tags[f"{letter}TRC".encode()] = xyz, curve
    table, body = struct.pack(">I", len(tags)), b""
    start = 132 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">2I", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = bytearray(srgb_profile()[:128])
    head[:4], head[16:20] = struct.pack(">I", start + len(body)), space
    return bytes(head) + table + body


def ramp() -> npt.NDArray[np.uint16]:
    """Return a smooth 16-bit gradient over 64 x 1024 pixels, every value its own."""
    values = np.arange(65536, dtype=np.uint16).reshape(64, 1024)
    return np.stack([values, values, values], -1)


@pytest.mark.parametrize("curve", [GAMMA, SRGB, TABLE, LINEAR])
@pytest.mark.parametrize("primaries", [ADOBE, P3])
def test_as_in_8_bits(curve: bytes, primaries: tuple[tuple[float, ...], ...]) -> None:
    icc = profile(curve, primaries)
    pixels = np.random.default_rng(0).integers(0, 256, (40, 50, 3), np.uint8)
    expected = np.asarray(to_srgb(Image.fromarray(pixels), icc), float)
    deep = deep_to_srgb(pixels * np.uint16(257), icc) / 257
    assert not np.array_equal(expected, pixels)
    dark = 3 if curve is LINEAR else 1  # where sRGB is steep, 8 bits round coarsely
    assert np.abs(deep - expected).max() <= dark


@pytest.mark.parametrize(("curve", "primaries"), [(GAMMA, ADOBE), (SRGB, P3), (TABLE, P3)])
def test_a_gradient_has_no_bands(curve: bytes, primaries: tuple[tuple[float, ...], ...]) -> None:
    result = deep_to_srgb(ramp(), profile(curve, primaries))
    grey = result.reshape(-1, 3).astype(int)
    assert len(np.unique(grey[:, 1])) > 40_000
    steps = np.diff(grey[:, 1])
    assert steps.min() >= 0 and steps[1000:].max() <= 5
    assert np.ptp(grey, axis=1).max() <= 8  # white is rounded in profiles
    assert grey[0].max() == 0 and grey[-1].min() >= 65520


def test_grey_by_its_own_curve() -> None:
    result = deep_to_srgb(ramp()[..., :1], profile(GAMMA, space=b"GRAY"))
    expected = deep_to_srgb(ramp(), profile(GAMMA))
    assert result.shape == (64, 1024, 3)
    assert np.abs(result.astype(int) - expected).max() <= 8


def test_grey_may_carry_the_profile_of_a_screen() -> None:
    grey = deep_to_srgb(ramp()[..., :1], profile(GAMMA))
    assert np.array_equal(grey, deep_to_srgb(ramp(), profile(GAMMA)))


def test_a_profile_of_tables_is_interpolated() -> None:
    """With a table the matrix is not used; here the table is broken, so Little CMS falls back."""
    icc = profile(GAMMA)
    tables = icc.replace(b"cprt", b"A2B0")
    result = deep_to_srgb(ramp(), tables)
    eight = np.asarray(to_srgb(Image.fromarray((ramp() // 257).astype(np.uint8)), tables), float)
    assert np.abs(result / 257 - eight).max() <= 2.5
    assert len(np.unique(result[..., 1])) > 10_000


@pytest.mark.parametrize(
    "icc", [None, b"", b"nonsense", srgb_profile(), srgb_profile()[:300], profile(b"curv")]
)
def test_other_profiles_change_nothing(icc: bytes | None) -> None:
    assert np.array_equal(deep_to_srgb(ramp(), icc), ramp())


def test_hostile_curves_give_a_picture() -> None:
    for kind in range(7):
        for value in (0, -1, 1 << 30, -(1 << 31)):
            curve = b"para" + bytes(4) + struct.pack(">2H7i", kind, 0, *[value] * 7)
            assert deep_to_srgb(ramp()[:2], profile(curve)).shape == (2, 1024, 3)


def test_the_profiles_here_are_sound() -> None:
    for icc in (profile(GAMMA), profile(SRGB, P3), profile(TABLE, space=b"GRAY")):
        file = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        assert file.profile.xcolor_space.strip() in ("RGB", "GRAY")
