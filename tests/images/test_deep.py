"""16 bits a sample are read exactly from every file that can hold them."""

import io
import struct
import zlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import tifffile
from PIL import Image

from impasto.errors import PictureError
from impasto.images.deep import to_16
from impasto.images.source import Source, open_picture
from impasto.images.window import whole

CHANNELS = {1: 0, 2: 4, 3: 2, 4: 6}  # the color types of PNG


def noise(channels: int, height: int = 20, width: int = 31) -> npt.NDArray[np.uint16]:
    """Return random samples, nowhere of alpha 0."""
    return np.random.default_rng(0).integers(1, 65536, (height, width, channels), np.uint16)


def png(samples: npt.NDArray[np.uint16], *chunks: tuple[bytes, bytes]) -> bytes:
    """Return a PNG of 16 bits, H W C, unfiltered; chunks come before the pixels."""
    height, width, channels = samples.shape
    header = struct.pack(">2I5B", width, height, 16, CHANNELS[channels], 0, 0, 0)
    rows = samples.astype(">u2").reshape(height, -1).view(np.uint8)
    packed = zlib.compress(np.pad(rows, ((0, 0), (1, 0))).tobytes())
    parts = [(b"IHDR", header), *chunks, (b"IDAT", packed), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


def tiff(samples: npt.NDArray[Any], **options: Any) -> bytes:
    """Return a TIFF of H W C samples; planar="separate" puts the channels one after the other."""
    channels = samples.shape[2]
    planes = options.get("planarconfig") == "separate"
    laid = np.moveaxis(samples, -1, 0) if planes else samples[..., 0] if channels == 1 else samples
    file = io.BytesIO()
    options = {
        "photometric": "rgb" if channels > 2 else "minisblack",
        "extrasamples": ["unassalpha"] if channels in (2, 4) else None,
        "planarconfig": None if channels == 1 else "contig",
    } | options
    tifffile.imwrite(file, np.ascontiguousarray(laid), **options)
    return file.getvalue()


def check(source: Source, samples: npt.NDArray[np.uint16]) -> None:
    """Compare a source with what was written."""
    window = whole(*samples.shape[:2])
    color = samples[..., : 3 if samples.shape[2] > 2 else 1]
    assert source.depth == 16
    assert np.array_equal(source.read(window), np.broadcast_to(color, (*color.shape[:2], 3)))
    alpha = source.alpha(window)
    assert source.has_alpha == (samples.shape[2] in (2, 4)) == (alpha is not None)
    assert alpha is None or np.array_equal(alpha, samples[..., -1])


@pytest.mark.parametrize("channels", CHANNELS)
def test_png(channels: int) -> None:
    check(open_picture(png(noise(channels))), noise(channels))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("compression", [None, "zlib"])
@pytest.mark.parametrize("planes", ["contig", "separate"])
@pytest.mark.parametrize("channels", [2, 3, 4])
def test_tiff(channels: int, planes: str, compression: str | None, order: str) -> None:
    options = {"planarconfig": planes, "compression": compression, "byteorder": order}
    predictor = compression is not None
    data = tiff(noise(channels), **options, predictor=predictor, rowsperstrip=7)
    check(open_picture(data), noise(channels))


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_grey_tiff(compression: str | None, order: str) -> None:
    check(open_picture(tiff(noise(1), compression=compression, byteorder=order)), noise(1))


@pytest.mark.parametrize("planes", ["contig", "separate"])
def test_tiff_in_tiles(planes: str) -> None:
    check(open_picture(tiff(noise(3), planarconfig=planes, tile=(16, 16))), noise(3))


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "packbits"])
def test_grey_tiff_of_pillow(compression: str) -> None:
    file = io.BytesIO()
    Image.fromarray(noise(1)[..., 0]).save(file, "TIFF", compression=compression)
    check(open_picture(file.getvalue()), noise(1))


def test_lzw_in_color() -> None:
    """Two known rows by TIFF's LZW: 9-bit codes, clear (256), the bytes, end (257)."""
    pixels = np.array([[[1, 257, 65535]], [[40000, 2, 3]]], np.uint16)
    codes = [256, *pixels.tobytes(), 257]
    bits = "".join(f"{code:09b}" for code in codes)
    packed = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    data = bytearray(tiff(pixels, byteorder="<"))
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        tags = file.pages[0].tags  # type: ignore[union-attr]
        places = [tags[name].valueoffset for name in ("Compression", "StripOffsets")]
        count = tags["StripByteCounts"].valueoffset
    struct.pack_into("<H", data, places[0], 5)
    struct.pack_into("<I", data, places[1], len(data))
    struct.pack_into("<I", data, count, len(packed))
    check(open_picture(bytes(data) + packed), pixels)


def test_orientation() -> None:
    data = tiff(noise(3), extratags=[(274, "H", 1, 6, True)])
    check(open_picture(data), np.rot90(noise(3), -1))


def test_premultiplied_alpha_is_divided_out_in_16_bits() -> None:
    straight = noise(4)
    straight[..., 3] = 40000
    samples = straight.copy()
    samples[..., :3] = np.rint(straight[..., :3].astype(float) * 40000 / 65535)
    for planes in ("contig", "separate"):
        data = tiff(samples, extrasamples=["assocalpha"], planarconfig=planes)
        read = open_picture(data).read(whole(20, 31)).astype(int)
        assert np.abs(read - straight[..., :3]).max() <= 1


def test_white_may_be_zero() -> None:
    data = tiff(noise(1), photometric="miniswhite")
    assert np.array_equal(open_picture(data).read(whole(20, 31))[..., 1], ~noise(1)[..., 0])


def test_a_transparent_color_is_compared_in_16_bits() -> None:
    samples = noise(3)
    key = struct.pack(">3H", *samples[4, 5])
    samples[4, 6] = samples[4, 5] ^ 1  # the same in 8 bits
    alpha = open_picture(png(samples, (b"tRNS", key))).alpha(whole(20, 31))
    assert alpha is not None and np.argwhere(alpha == 0).tolist() == [[4, 5]]


@pytest.mark.parametrize("channels", [3, 4])
@pytest.mark.parametrize("kind", [np.float32, np.float16, np.float64])
def test_float_tiff(kind: type[np.floating[Any]], channels: int) -> None:
    samples = noise(channels)
    floats = (samples / 65535).astype(kind)
    source = open_picture(tiff(floats))
    assert source.depth == 16
    read = source.read(whole(20, 31)).astype(int)
    assert np.abs(read - samples[..., :3]).max() <= (20 if kind is np.float16 else 0)


def test_a_gradient_keeps_its_values() -> None:
    ramp = np.arange(0, 65536, 4, dtype=np.uint16).reshape(64, 256)
    for data in (png(np.stack([ramp] * 3, -1)), tiff(np.stack([ramp] * 3, -1))):
        assert len(np.unique(open_picture(data).read(whole(64, 256))[..., 0])) == 16384


def test_the_thumbnail_of_16_bits_is_that_of_8() -> None:
    samples = noise(3, 60, 80)
    deep, flat = open_picture(samples), open_picture((samples // 257).astype(np.uint8))
    assert np.abs(deep.thumbnail(10) - flat.thumbnail(10)).max() < 0.01


@pytest.mark.parametrize("shape", [(5, 6), (5, 6, 3), (5, 6, 4)])
def test_arrays(shape: tuple[int, ...]) -> None:
    array = np.random.default_rng(0).integers(1, 65536, shape, np.uint16)
    check(open_picture(array), array if array.ndim == 3 else array[..., None])


def test_whites() -> None:
    assert to_16(np.array([0, 128, 255], np.uint8)).tolist() == [0, 32896, 65535]
    assert to_16(np.array([0.0, 0.5, 1.0])).tolist() == [0, 32768, 65535]
    assert to_16(np.array([0.0, np.nan, -3, np.inf, 255])).tolist() == [0, 0, 0, 0, 65535]
    assert to_16(np.array([1, 65535], np.uint32)).tolist() == [1, 65535]
    assert to_16(np.array([0, 1 << 20], np.uint32)).tolist() == [0, 65535]


def test_rare_tiffs_say_what_to_do() -> None:
    with pytest.raises(PictureError, match="Save it as RGB"):
        open_picture(tiff(noise(4), photometric="separated", planarconfig="separate"))


def test_a_segment_may_not_inflate_beyond_its_pixels() -> None:
    data = bytearray(tiff(noise(3), planarconfig="separate", compression="zlib"))
    bomb = zlib.compress(bytes(1 << 20))
    with tifffile.TiffFile(io.BytesIO(bytes(data))) as file:
        tags = file.pages[0].tags  # type: ignore[union-attr]
        offsets, counts = tags["StripOffsets"], tags["StripByteCounts"]
    for tag, value in ((offsets, len(data)), (counts, len(bomb))):
        struct.pack_into(f"<{'H' if tag.dtype == 3 else 'I'}", data, tag.valueoffset, value)
    with pytest.raises(PictureError, match="damaged"):
        open_picture(bytes(data) + bomb)
