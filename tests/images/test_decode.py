"""Every format, mode and orientation becomes upright sRGB; what beside the pixels is kept."""

import io
import struct
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageCms
from tests.images.test_deep import noise as noise_16
from tests.images.test_deep import png as png_16
from tests.images.test_deep import tiff
from tests.images.test_gamut import GAMMA, profile

from impasto.images.decode import decode, dpi_of

Bytes = npt.NDArray[np.unsignedinteger[Any]]

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF", "MPO")
LIMIT = 1_000_000


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    """Return the image as the bytes of a file."""
    file = io.BytesIO()
    image.save(file, format=kind, **options)
    return file.getvalue()


def decoded(data: bytes, limit: int = LIMIT) -> tuple[Bytes, Bytes | None]:
    """Return color and alpha of a file's bytes."""
    picture = decode(io.BytesIO(data), "test", limit)
    return picture.pixels, picture.alpha


def quarters() -> Image.Image:
    """Return a 48 x 32 picture of a red, a green, a blue and a white quarter."""
    pixels = np.full((32, 48, 3), 255, np.uint8)
    pixels[:16, :24], pixels[:16, 24:], pixels[16:, :24] = (250, 0, 0), (0, 250, 0), (0, 0, 250)
    return Image.fromarray(pixels)


def noise(height: int = 64, width: int = 64) -> Image.Image:
    """Return a picture that does not compress."""
    return Image.fromarray(
        np.random.default_rng(0).integers(0, 256, (height, width, 3), dtype=np.uint8)
    )


@pytest.mark.parametrize("kind", FORMATS)
def test_every_format_is_read(kind: str) -> None:
    picture = quarters()
    options = {"save_all": True, "append_images": [noise(32, 48)]} if kind == "MPO" else {}
    color, alpha = decoded(encoded(picture, kind, **options))
    assert color.dtype == np.uint8 and color.shape == (32, 48, 3) and alpha is None
    corners = color[4:-4:23, 4:-4:39].astype(int) - np.asarray(picture)[4:-4:23, 4:-4:39]
    assert np.abs(corners).max() <= 12


LOSSLESS = {  # the modes of each; BMP has no alpha, and GIF one bit of it
    "PNG": ("RGB", "RGBA", "L", "LA"),
    "TIFF": ("RGB", "RGBA", "L", "LA"),
    "WEBP": ("RGB", "RGBA", "L", "LA"),
    "BMP": ("RGB", "L"),
    "GIF": ("RGB", "L"),
}


@pytest.mark.parametrize(
    ("kind", "mode"), [(kind, mode) for kind, modes in LOSSLESS.items() for mode in modes]
)
def test_lossless_formats_are_exact(kind: str, mode: str) -> None:
    picture = noise(9, 11).convert(mode)
    if "A" in mode:
        picture.putalpha(noise(9, 11).convert("L").point(lambda value: max(value, 1)))
    options = {"lossless": True, "exact": True} if kind == "WEBP" else {}
    color, alpha = decoded(encoded(picture, kind, **options))
    assert np.array_equal(color, np.asarray(picture.convert("RGB")))
    assert (alpha is None) == ("A" not in mode)
    assert alpha is None or np.array_equal(alpha, np.asarray(picture.getchannel("A")))


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_exif_orientation_is_applied(kind: str, orientation: int) -> None:
    upright = np.asarray(quarters())
    turns = {  # how a camera stores the upright picture
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.transpose(1, 0, 2),
        6: np.rot90(upright),
        7: upright[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(upright, -1),
    }
    exif = Image.Exif()
    exif[0x0112] = orientation
    stored = Image.fromarray(np.ascontiguousarray(turns[orientation]))
    color, _ = decoded(encoded(stored, kind, exif=exif))
    assert color.shape == upright.shape
    assert np.abs(color[8::16, 12::24].astype(int) - upright[8::16, 12::24]).max() <= 12


def test_alpha_turns_with_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGBA", (6, 4), (9, 9, 9, 255))
    picture.putpixel((0, 0), (9, 9, 9, 128))
    color, alpha = decoded(encoded(picture, "PNG", exif=exif))
    assert alpha is not None and alpha.shape == color.shape[:2] == (6, 4)
    assert alpha[0, 3] == 128 and (alpha < 255).sum() == 1


def test_a_wide_gamut_is_brought_to_srgb() -> None:
    # BT.2020 luminances with sRGB's curve: a picture of it looks pale when taken for sRGB.
    srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    for tag, values in {
        b"rXYZ": (0.67348, 0.27904, -0.00193),
        b"gXYZ": (0.16566, 0.67534, 0.02998),
        b"bXYZ": (0.12505, 0.04561, 0.79686),
    }.items():
        at = struct.unpack(">I", srgb[srgb.index(tag) + 4 :][:4])[0]
        srgb[at + 8 : at + 20] = struct.pack(">3i", *(round(v * 65536) for v in values))
    wide = bytes(srgb).replace("sRGB".encode("utf-16-be"), "wide".encode("utf-16-be"))
    picture = Image.new("RGB", (4, 4), (180, 120, 100))
    color, _ = decoded(encoded(picture, "PNG", icc_profile=wide))
    red, green, blue = color[0, 0].astype(int)
    assert red > 190 and green < 120 and blue < 100
    grey, _ = decoded(encoded(Image.new("RGB", (4, 4), (99, 99, 99)), "PNG", icc_profile=wide))
    assert np.abs(grey.astype(int) - 99).max() <= 1


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_cmyk(kind: str) -> None:
    ink = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    assert np.abs(decoded(encoded(ink, kind))[0][8, 8].astype(int) - (255, 0, 0)).max() <= 4


@pytest.mark.parametrize(
    ("mode", "value", "grey", "alpha"),
    [("1", 1, 255, None), ("L", 77, 77, None), ("LA", (77, 128), 77, 128), ("P", 5, None, None)],
)
def test_grey_and_palette_modes(mode: str, value: Any, grey: int, alpha: int | None) -> None:
    picture = Image.new(mode, (4, 4), value)
    if mode == "P":
        picture.putpalette([0, 0, 0] * 5 + [10, 20, 30])
    color, opacity = decoded(encoded(picture, "PNG"))
    assert color[1, 1].tolist() == ([grey] * 3 if grey is not None else [10, 20, 30])
    assert (None if opacity is None else opacity[1, 1]) == alpha


@pytest.mark.parametrize("transparency", [0, b"\x00\xff"])
def test_a_palette_with_transparency(transparency: int | bytes) -> None:
    picture = Image.new("P", (8, 8), 1)
    picture.putpalette([0, 255, 0, 200, 100, 50])
    picture.paste(0, (2, 2, 6, 6))
    color, alpha = decoded(encoded(picture, "PNG", transparency=transparency))
    assert alpha is not None and alpha[4, 4] == 0 and alpha[0, 0] == 255
    assert np.abs(color[4, 4].astype(int) - (200, 100, 50)).max() <= 2  # not the hidden green


def test_a_transparent_color() -> None:
    picture = Image.new("RGB", (4, 4), (1, 2, 3))
    picture.putpixel((0, 0), (9, 9, 9))
    _, alpha = decoded(encoded(picture, "PNG", transparency=(9, 9, 9)))
    assert alpha is not None and alpha[0, 0] == 0 and alpha[1, 1] == 255


def test_an_opaque_alpha_channel_is_no_alpha() -> None:
    assert decoded(encoded(Image.new("RGBA", (4, 4), (1, 2, 3, 255)), "PNG"))[1] is None


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_is_scaled_not_cut(kind: str) -> None:
    ramp = np.array([[0, 256, 32768, 65535]], np.uint16)
    color, _ = decoded(encoded(Image.fromarray(ramp), kind))
    assert color[0, :, 0].tolist() == [0, 256, 32768, 65535]


@pytest.mark.parametrize("white", [1.0, 255.0, 65535.0, 3e6])
def test_float_grey_is_scaled_by_its_white(white: float) -> None:
    ramp = np.array([[0, 0.5, 1, np.nan, -1]], np.float32) * np.float32(white)
    color, _ = decoded(encoded(Image.fromarray(ramp), "TIFF"))
    assert color[0, :, 1].tolist() == [0, 32768, 65535, 0, 0]


def test_the_first_frame_of_an_animation() -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ((250, 0, 0), (0, 0, 250))]
    for kind in ("GIF", "WEBP", "PNG"):
        data = encoded(frames[0], kind, save_all=True, append_images=frames[1:])
        assert decoded(data)[0][4, 4, 0] > 200


def test_a_broken_profile_and_broken_exif_do_not_matter() -> None:
    data = encoded(quarters(), "JPEG", icc_profile=b"nonsense", exif=b"Exif\0\0MM\0*\xff\xff")
    assert decoded(data)[0].shape == (32, 48, 3)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "BMP"])
def test_the_resolution_is_read(kind: str) -> None:
    image = Image.new("RGB", (4, 4))
    found = decode(io.BytesIO(encoded(image, kind, dpi=(240, 120))), "test", LIMIT).metadata.dpi
    assert found is not None and np.allclose(found, (240, 120), atol=0.1)


def test_the_resolution_turns_with_the_picture() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    data = encoded(Image.new("RGB", (4, 4)), "PNG", exif=exif, dpi=(240, 120))
    found = decode(io.BytesIO(data), "test", LIMIT).metadata.dpi
    assert found is not None and np.allclose(found, (120, 240), atol=0.1)


@pytest.mark.parametrize(
    "dpi", [None, 72, (0, 0), (-1, 72), (float("nan"), 72), (72, float("nan")), (1, 1), (1e9, 72)]
)
def test_nonsense_is_no_resolution(dpi: object) -> None:
    assert dpi_of({"dpi": dpi}) is None
    assert dpi_of({}) is None


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_a_kept_profile_leaves_pixels_alone(kind: str) -> None:
    pixels = np.asarray(quarters())
    options = {"lossless": True} if kind == "WEBP" else {}
    data = encoded(quarters(), kind, icc_profile=profile(GAMMA), **options)
    kept = decode(io.BytesIO(data), "test", LIMIT, "keep")
    assert kept.metadata.profile == profile(GAMMA)
    assert np.abs(kept.pixels[4:-4:23, 4:-4:39].astype(int) - pixels[4:-4:23, 4:-4:39]).max() <= 12
    converted = decode(io.BytesIO(data), "test", LIMIT)
    assert converted.metadata.profile is None
    assert not np.array_equal(converted.pixels, kept.pixels)


def test_a_kept_profile_at_16_bits() -> None:
    data = tiff(noise_16(3), extratags=[(34675, 7, None, profile(GAMMA), True)])
    kept = decode(io.BytesIO(data), "test", LIMIT, "keep")
    assert kept.metadata.profile == profile(GAMMA)
    assert np.array_equal(kept.pixels, noise_16(3))
    assert decode(io.BytesIO(data), "test", LIMIT).metadata.profile is None


def test_grey_is_never_kept() -> None:
    data = encoded(quarters().convert("L"), "PNG", icc_profile=profile(GAMMA, space=b"GRAY"))
    grey = decode(io.BytesIO(data), "test", LIMIT, "keep")
    assert grey.metadata.profile is None
    assert np.array_equal(grey.pixels, decoded(data)[0])


@pytest.mark.parametrize("compression", [None, "tiff_lzw", "tiff_adobe_deflate"])
def test_cmyk_tiff(compression: str | None) -> None:
    ink = Image.new("CMYK", (16, 16), (255, 0, 255, 0))
    color, alpha = decoded(encoded(ink, "TIFF", compression=compression))
    assert color[3, 3].tolist() == [0, 255, 0] and alpha is None


def test_exif_is_kept_without_its_orientation() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, "A. Artist"
    data = encoded(Image.new("RGB", (4, 6)), "JPEG", exif=exif)
    kept = decode(io.BytesIO(data), "test", LIMIT).metadata.exif
    assert kept is not None and b"A. Artist" in kept


def test_blocks_are_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = noise(50, 40).convert("RGBA")
    picture.putalpha(noise(50, 40).convert("L").point(lambda value: max(value, 1)))
    data = [
        encoded(picture, "PNG", icc_profile=profile(GAMMA)),
        encoded(picture.convert("RGB").quantize(16), "PNG", transparency=3),
        png_16(noise_16(4)),
    ]
    whole = [decoded(each) for each in data]
    monkeypatch.setattr("impasto.images.deep._BLOCK", 40 * 7)
    for each, (color, alpha) in zip(data, whole, strict=True):
        assert np.array_equal(decoded(each)[0], color)
        assert alpha is not None and np.array_equal(decoded(each)[1], alpha)  # type: ignore[arg-type]
