"""What is no whole picture, or claims to be too large, is refused in words."""

import struct
import zlib

import pytest
from PIL import Image
from tests.images.test_decode import FORMATS, decoded, encoded, noise

from impasto.errors import NotAPicture, PictureError, PictureTooLarge, TruncatedPicture


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("part", [0.15, 0.5, 0.9])
def test_a_file_cut_short_says_so(kind: str, part: float) -> None:
    data = encoded(noise(), kind)
    with pytest.raises(TruncatedPicture, match="ends early or is damaged"):
        decoded(data[: int(len(data) * part)])


@pytest.mark.parametrize("compression", ["tiff_lzw", "tiff_adobe_deflate", "jpeg", "packbits"])
def test_a_compressed_tiff_cut_short_says_so(compression: str) -> None:
    data = encoded(noise(), "TIFF", compression=compression)
    with pytest.raises(TruncatedPicture):
        decoded(data[: len(data) // 2])


def png_claiming(width: int, height: int) -> bytes:
    """Return a tiny PNG whose header claims any size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + data))
        return struct.pack(">I", len(data)) + kind + data + check

    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(99))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def webp_claiming(side: int) -> bytes:
    """Return a WebP whose header claims any canvas."""
    data = bytearray(encoded(Image.new("RGBA", (8, 8), (1, 2, 3, 9)), "WEBP", exif=b"Exif\0\0MM"))
    assert data[12:16] == b"VP8X"
    data[24:30] = 2 * struct.pack("<I", side - 1)[:3]
    return bytes(data)


@pytest.mark.parametrize("side", [1200, 50_000])
def test_a_bomb_is_refused_by_its_header(side: int) -> None:
    with pytest.raises(PictureTooLarge) as caught:
        decoded(png_claiming(side, side))
    message = str(caught.value)
    assert f"{side * side:,} pixels" in message and "1,000,000 are allowed" in message
    assert f"--max-pixels {side * side}" in message


def test_a_webp_bomb_is_refused_by_its_header() -> None:
    with pytest.raises(PictureTooLarge, match="225,000,000 pixels"):
        decoded(webp_claiming(15_000))


def test_the_limit_is_exact() -> None:
    data = encoded(noise(10, 10), "PNG")
    assert decoded(data, 100)[0].shape == (10, 10, 3)
    with pytest.raises(PictureTooLarge):
        decoded(data, 99)


def test_the_limit_is_ours_not_that_of_pillow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 10)
    for kind in FORMATS:
        assert decoded(encoded(noise(), kind))[0].shape == (64, 64, 3)


def test_no_pixels() -> None:
    with pytest.raises(PictureError):
        decoded(png_claiming(0, 0))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"BMW is a company", "not a picture"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
        (b"%PDF-1.7", "PDF"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\0\0\0\x18ftypisom\0\0\0\0", "video"),
        (encoded(Image.new("RGB", (4, 4)), "JPEG2000"), "JPEG 2000"),
        (encoded(Image.new("RGB", (4, 4)), "PPM"), "not a picture"),  # not on the list of formats
    ],
)
def test_other_files_are_named(data: bytes, words: str) -> None:
    with pytest.raises(NotAPicture, match=words):
        decoded(data)
