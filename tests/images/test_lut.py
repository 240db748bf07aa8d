"""Look-up tables agree with what was baked into them, and come back from their files."""

import numpy as np
import numpy.typing as npt
import pytest

from impasto.errors import PictureError
from impasto.images.lut import Lut
from impasto.images.transfer import LinearMap

Pixels = npt.NDArray[np.float32]

TINT = LinearMap(
    np.array([[0.6, 0.1, 0.0], [0.1, 0.5, 0.1], [0.0, 0.1, 0.7]]), np.array([0.1, 0.1, 0.05])
)


def colors(seed: int) -> Pixels:
    """Return colors at random."""
    return np.random.default_rng(seed).random((60, 70, 3), np.float32)


def test_a_linear_map_is_exact() -> None:
    assert np.abs(Lut.bake(TINT)(colors(0)) - TINT(colors(0))).max() < 1e-6


def test_a_smooth_function_is_within_a_step_of_8_bits() -> None:
    def curve(rgb: Pixels) -> Pixels:
        return np.asarray(0.5 - 0.5 * np.cos(np.pi * rgb[..., ::-1]), np.float32)

    assert np.abs(Lut.bake(curve)(colors(1)) - curve(colors(1))).max() < 1 / 255


def test_the_corners_and_greys_are_exact() -> None:
    identity = Lut.bake(lambda rgb: rgb, size=5)
    corners = np.stack(np.meshgrid([0, 1], [0, 1], [0, 1]), -1).astype(np.float32)
    greys = np.repeat(np.linspace(0, 1, 65536, dtype=np.float32)[:, None], 3, 1)
    assert np.array_equal(identity(corners), corners)
    assert np.abs(identity(greys) - greys).max() < 1e-6


def test_a_grey_curve_keeps_greys_grey() -> None:
    bent = Lut.bake(lambda rgb: rgb**2, size=5)
    greys = np.repeat(np.linspace(0, 1, 999, dtype=np.float32)[:, None], 3, 1)
    assert np.ptp(bent(greys), axis=1).max() < 1e-6


def test_colors_outside_are_taken_from_the_border() -> None:
    outside = np.array([[-1, 0.5, 2]], np.float32)
    assert np.allclose(Lut.bake(TINT)(outside), TINT(outside.clip(0, 1)), atol=1e-6)


def test_tiles_are_bit_for_bit_the_whole() -> None:
    table, picture = Lut.bake(TINT, size=7), colors(2)
    part = (slice(3, 40), slice(11, 28))
    assert np.array_equal(table(picture[part]), table(picture)[part])


def test_a_cube_file_comes_back() -> None:
    table = Lut.bake(TINT, size=9)
    again = Lut.from_cube(table.to_cube("grade"))
    assert np.abs(again.table - table.table).max() < 1e-6


def test_a_cube_file_counts_red_fastest() -> None:
    lines = Lut.bake(lambda rgb: rgb, size=3).to_cube('my "title"\nö').splitlines()
    assert lines[:4] == [
        'TITLE "my title"',
        "LUT_3D_SIZE 3",
        "DOMAIN_MIN 0.0 0.0 0.0",
        "DOMAIN_MAX 1.0 1.0 1.0",
    ]
    assert lines[4:8] == [
        "0.000000 0.000000 0.000000",
        "0.500000 0.000000 0.000000",
        "1.000000 0.000000 0.000000",
        "0.000000 0.500000 0.000000",
    ]
    assert len(lines) == 4 + 27


def test_comments_and_empty_lines_are_skipped() -> None:
    text = Lut.bake(TINT, size=2).to_cube("x")
    assert Lut.from_cube("# made by hand\n\n" + text).table.shape == (2, 2, 2, 3)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "0 colors"),
        ("LUT_3D_SIZE 2\n0 0 0\n", "1 colors"),
        ("LUT_3D_SIZE two", "Line 1"),
        ("LUT_3D_SIZE", "Line 1"),
        ("LUT_1D_SIZE 4\n", "LUT_1D_SIZE"),
        ("LUT_3D_SIZE 2\n0 0\n", "Line 2"),
        ("LUT_3D_SIZE 2\nDOMAIN_MAX 4 4 4\n", "from 0 to 1"),
        ("LUT_3D_SIZE 2\n" + "nan nan nan\n" * 8, "nan"),
        ("LUT_3D_SIZE 2\n" + "1e99 0 0\n" * 8, "Line 2"),
    ],
)
def test_what_is_no_table_says_where(text: str, message: str) -> None:
    with pytest.raises(PictureError, match=message):
        Lut.from_cube(text)
