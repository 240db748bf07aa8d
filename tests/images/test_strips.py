"""Strips give what memory gives: every window, in any order, and the thumbnail."""

import io
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.images.test_deep import noise, png, tiff
from tests.images.test_gamut import GAMMA, profile

from impasto.errors import TruncatedPicture
from impasto.images import source as sources
from impasto.images.decode import ProfileRule
from impasto.images.samples import to_depth
from impasto.images.source import ArraySource, Source, open_picture
from impasto.images.strips import STRIPS_ABOVE, StripSource, open_strips
from impasto.images.window import Window, whole

pytest.importorskip("pyvips")

HEIGHT, WIDTH = 1500, 40


def scene(height: int = HEIGHT, width: int = WIDTH) -> npt.NDArray[np.uint8]:
    """Return a smooth picture with some noise, H W 3."""
    rows, columns = np.mgrid[:height, :width]
    waves = np.stack([np.sin(rows / 90), np.cos(columns / 7), np.sin((rows + columns) / 50)], -1)
    grain = np.random.default_rng(0).normal(0, 6, waves.shape)
    return (127 + 110 * waves + grain).clip(0, 255).astype(np.uint8)


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return the image as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def files() -> dict[str, bytes]:
    """Return one file of every kind that is read in strips."""
    rgb = Image.fromarray(scene())
    rgba = rgb.copy()
    rgba.putalpha(
        Image.fromarray(
            (np.arange(HEIGHT * WIDTH) % 200 + 50).reshape(HEIGHT, WIDTH).astype(np.uint8)
        )
    )
    wide = profile(GAMMA)
    return {
        "rgb.png": encoded(rgb, "PNG"),
        "rgba.png": encoded(rgba, "PNG"),
        "grey.png": encoded(rgb.convert("L"), "PNG", icc_profile=profile(GAMMA, space=b"GRAY")),
        "grey-alpha.png": encoded(rgba.convert("LA"), "PNG"),
        "wide.png": encoded(rgb, "PNG", icc_profile=wide, dpi=(300, 300)),
        "444.jpg": encoded(rgb, "JPEG", subsampling=0, icc_profile=wide),
        "420.jpg": encoded(rgb, "JPEG", subsampling=2),
        "progressive.jpg": encoded(rgb, "JPEG", progressive=True),
        "grey.jpg": encoded(rgb.convert("L"), "JPEG"),
        "plain.tif": encoded(rgb, "TIFF", dpi=(240, 120)),
        "lzw.tif": encoded(rgb, "TIFF", compression="tiff_lzw"),
        "alpha.tif": encoded(rgba, "TIFF", compression="tiff_adobe_deflate"),
        "grey16.png": png(noise(1, HEIGHT, WIDTH)),
        "grey-alpha16.png": png(noise(2, HEIGHT, WIDTH)),
        "rgb16.png": png(noise(3, HEIGHT, WIDTH)),
        "rgba16.png": png(noise(4, HEIGHT, WIDTH)),
        "rgb16.tif": tiff(noise(3, HEIGHT, WIDTH), compression="zlib", predictor=True),
        "motorola16.tif": tiff(noise(3, HEIGHT, WIDTH), byteorder=">", rowsperstrip=11),
        "tiled16.tif": tiff(noise(4, HEIGHT, WIDTH), tile=(64, 64)),
        "grey16.tif": tiff(noise(1, HEIGHT, WIDTH)),
    }


NAMES = sorted(files())


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one file of every kind."""
    place = tmp_path_factory.mktemp("strips")
    for name, data in files().items():
        (place / name).write_bytes(data)
    return place


def both(path: Path, rule: ProfileRule = "srgb") -> tuple[Source, Source]:
    """Open a file in strips and in memory."""
    strips = open_strips(path, 1 << 30, rule, above=0)
    assert strips is not None
    return strips, open_picture(path, profile=rule)


@pytest.mark.parametrize("rule", ["srgb", "keep"])
@pytest.mark.parametrize("name", NAMES)
def test_strips_are_memory(folder: Path, name: str, rule: ProfileRule) -> None:
    strips, memory = both(folder / name, rule)
    assert isinstance(memory, ArraySource)
    window = whole(HEIGHT, WIDTH)
    assert (strips.height, strips.width, strips.depth) == (HEIGHT, WIDTH, memory.depth)
    assert strips.metadata == memory.metadata and strips.name == memory.name
    assert strips.sha256 == memory.sha256 and strips.has_alpha == memory.has_alpha
    assert np.array_equal(strips.read(window), memory.read(window))
    alpha, expected = strips.alpha(window), memory.alpha(window)
    assert (alpha is None) == (expected is None)
    assert alpha is None or expected is None or np.array_equal(alpha, expected)
    for side in (30, 200, 3000):
        assert np.array_equal(strips.thumbnail(side), memory.thumbnail(side))


_windows = st.tuples(
    st.integers(0, HEIGHT - 1), st.integers(0, WIDTH - 1), st.integers(1, 700), st.integers(1, 40)
)


@settings(max_examples=25)
@given(name=st.sampled_from(NAMES), corners=st.lists(_windows, min_size=1, max_size=6))
def test_any_window_in_any_order(
    folder: Path, name: str, corners: list[tuple[int, int, int, int]]
) -> None:
    strips, memory = both(folder / name)
    for top, left, height, width in corners:
        window = Window(top, left, min(height, HEIGHT - top), min(width, WIDTH - left))
        assert np.array_equal(strips.read(window), memory.read(window))
        alpha, expected = strips.alpha(window), memory.alpha(window)
        assert (alpha is None) == (expected is None)
        assert alpha is None or expected is None or np.array_equal(alpha, expected)


@pytest.mark.parametrize("deep", [False, True])
def test_holes_take_the_colors_around_them(tmp_path: Path, deep: bool) -> None:
    picture = np.full((3000, 50, 4), (200, 100, 50, 255), np.uint8)
    picture[700:1500, 10:] = (0, 255, 0, 0)
    picture[40:50, 10:20] = (9, 9, 9, 1)
    samples = picture * np.uint16(257)
    data = png(samples) if deep else encoded(Image.fromarray(picture), "PNG")
    (tmp_path / "holes.png").write_bytes(data)
    strips, memory = both(tmp_path / "holes.png")
    assert isinstance(strips, StripSource) and strips.has_alpha
    window = Window(30, 5, 2000, 45)
    alpha, expected = strips.alpha(window), memory.alpha(window)
    assert alpha is not None and expected is not None and np.array_equal(alpha, expected)
    ours, theirs = to_depth(strips.read(window), 8), to_depth(memory.read(window), 8)
    assert np.array_equal(ours[alpha > 0], theirs[alpha > 0])
    assert np.abs(ours[alpha == 0].astype(int) - (200, 100, 50)).max() <= 4
    assert np.abs(strips.thumbnail(100) - memory.thumbnail(100)).max() < 0.02


def test_a_wholly_transparent_picture(tmp_path: Path) -> None:
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(tmp_path / "nothing.png")
    strips, memory = both(tmp_path / "nothing.png")
    assert strips.has_alpha and not strips.read(whole(9, 9)).any()
    assert not memory.read(whole(9, 9)).any()


def test_windows_from_top_to_bottom_are_one_pass(folder: Path) -> None:
    strips, _ = both(folder / "rgb.png")
    assert isinstance(strips, StripSource)
    strips.read(Window(0, 0, 1, 1))
    first = strips._pass
    assert first is not None
    for top in range(0, HEIGHT, 400):
        for left in range(0, WIDTH, 20):
            above, below = max(0, top - 104), min(HEIGHT, top + 504)
            strips.read(Window(above, left, below - above, 20))
            strips.read(Window(top, left, min(400, HEIGHT - top), 20))
    assert strips._pass is first
    assert sum(len(rows.strip.pixels) for rows in first._rows) < HEIGHT
    strips.read(Window(0, 0, 1, 1))
    assert strips._pass is not first


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "turned.jpg",
            encoded(
                Image.fromarray(scene()),
                "JPEG",
                exif=b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0",
            ),
        ),
        ("palette.png", encoded(Image.fromarray(scene()).quantize(9), "PNG")),
        ("cmyk.tif", encoded(Image.fromarray(scene()).convert("CMYK"), "TIFF")),
        ("floats.tif", tiff((noise(3) / 65535).astype(np.float32))),
        ("planes.tif", tiff(noise(3), planarconfig="separate")),
        ("frames.gif", encoded(Image.fromarray(scene()), "GIF")),
        ("picture.webp", encoded(Image.fromarray(scene()), "WEBP")),
    ],
)
def test_what_is_left_to_memory(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    assert open_strips(tmp_path / name, 1 << 30, "srgb", above=0) is None
    assert open_picture(tmp_path / name).height > 0


def test_small_pictures_are_read_in_memory(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert open_strips(folder / "rgb.png", 1 << 30, "srgb") is None
    assert STRIPS_ABOVE == 64_000_000
    monkeypatch.setattr(sources, "open_strips", partial(open_strips, above=HEIGHT * WIDTH - 1))
    assert isinstance(open_picture(folder / "rgb.png"), StripSource)
    assert isinstance(open_picture((folder / "rgb.png").read_bytes()), ArraySource)


def test_the_limit_holds_for_strips_too(folder: Path) -> None:
    assert open_strips(folder / "rgb.png", 100, "srgb", above=0) is None  # memory says why


@pytest.mark.parametrize("name", ["rgb.png", "lzw.tif", "444.jpg", "rgb16.png", "rgb16.tif"])
def test_a_file_cut_short_says_so(
    folder: Path, tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    data = (folder / name).read_bytes()
    keep = len(data) // 2 if name.endswith("g") else len(data) - 2000
    (tmp_path / name).write_bytes(data[:keep])
    strips = open_strips(tmp_path / name, 1 << 30, "srgb", above=0)
    if strips is not None:  # the directory of a TIFF may lie at its end
        with pytest.raises(TruncatedPicture, match="ends early or is damaged"):
            strips.read(whole(HEIGHT, WIDTH))
    with pytest.raises(TruncatedPicture):
        open_picture(tmp_path / name)
    assert capfd.readouterr() == ("", "")
