"""Our PNG is what other software reads, at any size, depth and height of strips."""

import io
import zlib
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngImageFile

from impasto.images.metadata import Metadata
from impasto.images.png import write_png
from impasto.images.profiles import srgb_profile
from impasto.images.rows import Layout
from impasto.images.samples import Samples, white_of


def pixels(height: int, width: int, channels: int, depth: int, seed: int = 0) -> Samples:
    """Return random samples."""
    kind = np.uint8 if depth == 8 else np.uint16
    shape = (height, width, channels)
    return np.random.default_rng(seed).integers(0, white_of(depth), shape, kind, endpoint=True)


def written(values: Samples, rows: int, **kept: object) -> bytes:
    """Return the file, written in strips of so many rows."""
    file = io.BytesIO()
    height, width, channels = values.shape
    layout = Layout(height, width, channels, 8 * values.dtype.itemsize)
    write_png(
        file,
        (values[top : top + rows] for top in range(0, len(values), rows)),
        layout,
        profile=srgb_profile(),
        xmp=b"<x/>",
        kept=Metadata(**kept),  # type: ignore[arg-type]
    )
    return file.getvalue()


def chunks(file: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Yield the names and contents of the chunks, whose checks must be right."""
    at = 8
    while at < len(file):
        size = int.from_bytes(file[at : at + 4])
        body, check = file[at + 4 : at + 8 + size], file[at + 8 + size : at + 12 + size]
        assert zlib.crc32(body) == int.from_bytes(check)
        yield body[:4], body[4:]
        at += 12 + size


def samples_of(file: bytes) -> Samples:
    """Decode by the specification, for 16 bits, which Pillow cannot read."""
    parts = list(chunks(file))
    width, height = (int.from_bytes(parts[0][1][at : at + 4]) for at in (0, 4))
    depth, kind = parts[0][1][8], parts[0][1][9]
    data = zlib.decompress(b"".join(body for name, body in parts if name == b"IDAT"))
    rows = np.frombuffer(data, np.uint8).reshape(height, -1)
    assert (rows[:, 0] == 2).all()  # each row is the difference to the one above
    plain = np.ascontiguousarray(np.cumsum(rows[:, 1:], axis=0, dtype=np.uint8))
    return plain.view(">u1" if depth == 8 else ">u2").reshape(height, width, {2: 3, 6: 4}[kind])


SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


@settings(max_examples=60)
@given(SIZES, st.sampled_from([3, 4]), st.sampled_from([8, 16]), st.integers(1, 50))
def test_every_size_depth_and_strip_comes_back(
    size: tuple[int, int], channels: int, depth: int, rows: int
) -> None:
    values = pixels(*size, channels, depth)
    file = written(values, rows)
    np.testing.assert_array_equal(samples_of(file), values)
    if depth == 8:
        with Image.open(io.BytesIO(file)) as image:
            np.testing.assert_array_equal(np.asarray(image), values)
    else:
        with Image.open(io.BytesIO(file)) as image:
            high = np.asarray(image)  # Pillow reads the first byte of each sample
        np.testing.assert_array_equal(high, values >> 8)


@pytest.mark.parametrize("depth", [8, 16])
def test_a_picture_of_many_blocks_comes_back(depth: int) -> None:
    values = pixels(700, 1300, 3, depth)
    file = written(values, 128)
    assert sum(name == b"IDAT" for name, _ in chunks(file)) > 3
    np.testing.assert_array_equal(samples_of(file), values)
    assert file == written(values, 700)  # strips do not show


def test_other_software_finds_profile_resolution_xmp_and_exif() -> None:
    exif = Image.Exif()
    exif[271] = "Canon"
    file = written(pixels(4, 4, 3, 16), 4, dpi=(300, 72), exif=exif.tobytes())
    with Image.open(io.BytesIO(file)) as image:
        assert isinstance(image, PngImageFile)
        image.verify()
        assert image.info["icc_profile"] == srgb_profile()
        assert np.allclose(image.info["dpi"], (300, 72), atol=0.02)
        assert image.info["xmp"] == b"<x/>"
        assert image.getexif()[271] == "Canon"


def test_flat_color_gets_small() -> None:
    assert len(written(np.full((500, 500, 3), 200, np.uint8), 500)) < 10_000
