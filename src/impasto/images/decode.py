"""Decode picture files, guarded: any bytes give a picture or one of our errors."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Literal

import numpy as np
from PIL import Image, UnidentifiedImageError

from impasto.errors import NotAPicture
from impasto.images.deep import blocks, in_planes, is_deep, read_deep
from impasto.images.gamut import deep_to_srgb
from impasto.images.guard import READABLE, check_size, guarded, is_tiff
from impasto.images.metadata import NOTHING, Metadata, exif_dpi, kept_exif
from impasto.images.planes import read_tiff
from impasto.images.profiles import as_mode, kept_profile, to_srgb
from impasto.images.samples import Samples, depth_of, white_of
from impasto.images.transparency import Bytes, fill_transparent

ProfileRule = Literal["srgb", "keep"]

FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "AVIF", "TIFF")  # JPEG brings MPO along
_ORIENTATION = 0x0112
_LEAST_DPI, _MOST_DPI = 2, 1e5  # 1 is what writers put where they know nothing


@dataclass(frozen=True, eq=False)
class Decoded:
    """The first picture of a file, upright."""

    pixels: Samples  # H W 3
    alpha: Samples | None = None  # H W; None where all is opaque
    metadata: Metadata = NOTHING


def decode(file: BinaryIO, name: str, max_pixels: int, rule: ProfileRule = "srgb") -> Decoded:
    """Return the first picture of a file as sRGB; a color picture keeps its profile by the rule.

    Raises:
        NotAPicture, TruncatedPicture, PictureTooLarge: judged by the header where possible.
    """
    head = file.read(32)
    file.seek(0)
    if not head:
        raise NotAPicture(f'"{name}" is empty. Give a picture: {READABLE}.')
    tiff = is_tiff(head)
    with guarded(name, head, max_pixels, tiff):
        try:
            with Image.open(file, formats=FORMATS) as image:
                return _unpack(image, name, max_pixels, rule, file)
        except UnidentifiedImageError:
            if not tiff:
                raise
        samples, info = read_tiff(file, name, max_pixels)
        return _from_samples(samples, info, info["orientation"], rule)


def decode_image(
    image: Image.Image, name: str, max_pixels: int, rule: ProfileRule = "srgb"
) -> Decoded:
    """Return a Pillow image the same way; color has 8 bits, as Pillow holds it."""
    with guarded(name, b"", max_pixels, image.format == "TIFF"):
        return _unpack(image, name, max_pixels, rule, None)


def _unpack(
    image: Image.Image, name: str, max_pixels: int, rule: ProfileRule, file: BinaryIO | None
) -> Decoded:
    check_size(name, image.height, image.width, max_pixels)
    if file is not None and in_planes(image):
        samples, _ = read_tiff(file, name, max_pixels)
    elif is_deep(image) and (file is not None or not image.mode.startswith("RGB")):
        samples = read_deep(image, lambda: _again(file, image))
    else:
        return _shallow(image, rule)
    return _from_samples(samples, image.info, orientation(image), rule, kept_exif(image))


def _again(file: BinaryIO | None, image: Image.Image) -> Image.Image:
    assert file is not None
    file.seek(0)
    return Image.open(file, formats=[image.format or ""])


def _shallow(image: Image.Image, rule: ProfileRule) -> Decoded:
    """Return a picture of 8 bits, converted block by block: whole copies would be large."""
    height, width = image.height, image.width
    pixels = np.empty((height, width, 3), np.uint8)
    alpha = np.empty((height, width), np.uint8) if image.has_transparency_data else None
    kept, profile = profiles_of(image, rule)
    for top, block in blocks(image):
        rgb, opacity = channels(block, profile)
        pixels[top : top + block.height] = rgb
        if alpha is not None:
            alpha[top : top + block.height] = 255 if opacity is None else opacity
    metadata = Metadata(dpi_of(image.info), kept, kept_exif(image))
    return _finished(pixels, alpha, orientation(image), metadata)


def profiles_of(image: Image.Image, rule: ProfileRule) -> tuple[bytes | None, bytes | None]:
    """Return the profile that the pixels stay in, and the one to convert them from."""
    profile = image.info.get("icc_profile")
    kept = kept_profile(image.mode, profile) if rule == "keep" else None
    return kept, None if kept else profile


def channels(image: Image.Image, profile: bytes | None) -> tuple[Bytes, Bytes | None]:
    """Split 8 bits of any mode into sRGB color, H W 3, and alpha, H W."""
    if not image.has_transparency_data:
        plain = {"1": "L", "L": "L", "CMYK": "CMYK", "LAB": "LAB"}
        opaque = as_mode(image, plain.get(image.mode, "RGB"))
        return np.asarray(to_srgb(opaque, profile)), None
    rgba = as_mode(image, "RGBA")
    color = image.getchannel("L") if image.mode == "LA" else rgba.convert("RGB")
    return np.asarray(to_srgb(color, profile)), np.asarray(rgba.getchannel("A"))


def _from_samples(
    samples: Samples,
    info: Mapping[Any, Any],
    turn: int,
    rule: ProfileRule,
    exif: bytes | None = None,
) -> Decoded:
    """Return a picture of 16 bits: H W C of grey, grey and alpha, RGB or RGBA."""
    profile = info.get("icc_profile")
    mode = "RGB" if samples.shape[2] >= 3 else "L"
    kept = kept_profile(mode, profile) if rule == "keep" else None
    pixels, alpha = deep_channels(samples, None if kept else profile, info.get("transparency"))
    return _finished(pixels, alpha, turn, Metadata(dpi_of(info), kept, exif))


def deep_channels(
    samples: Samples, profile: bytes | None, hidden: object = None
) -> tuple[Samples, Samples | None]:
    """Split 16 bits into sRGB color, H W 3, and alpha, H W; ``hidden`` is a transparent color."""
    count = samples.shape[2]
    color = samples[..., : count - 1 + count % 2]
    alpha = samples[..., -1] if count % 2 == 0 else None
    if isinstance(hidden, int | tuple):
        alpha = (color != np.array(hidden)).any(axis=-1) * np.uint16(65535)
    return deep_to_srgb(color, profile), alpha


def _finished(pixels: Samples, alpha: Samples | None, turn: int, metadata: Metadata) -> Decoded:
    if alpha is not None and alpha.min() == white_of(depth_of(alpha)):
        alpha = None
    if alpha is not None:
        pixels = fill_transparent(pixels, alpha)
    if turn >= 5 and metadata.dpi:
        metadata = replace(metadata, dpi=metadata.dpi[::-1])
    return Decoded(upright(pixels, turn), None if alpha is None else upright(alpha, turn), metadata)


def upright(samples: Samples, turn: int) -> Samples:
    """Return samples, H W or H W 3, turned by their EXIF orientation, 1 to 8."""
    samples = np.ascontiguousarray(samples)
    if not 2 <= turn <= 8:
        return samples
    size = samples[0, 0].nbytes
    whole = samples.view(f"V{size}").reshape(samples.shape[:2])  # pixels move as one: it is faster
    if turn >= 5:
        whole = whole.T
    down, across = turn in (3, 4, 7, 8), turn in (2, 3, 6, 7)
    whole = np.ascontiguousarray(whole[:: -1 if down else 1, :: -1 if across else 1])
    return whole.view(samples.dtype).reshape(*whole.shape, *samples.shape[2:])


def exif_at_hand(image: Image.Image) -> bool:
    """Tell whether EXIF can be read now: in PNG Pillow looks for it behind the pixels too."""
    return image.format != "PNG" or not getattr(image, "tile", ()) or "exif" in image.info


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation of an image, 1 to 8; broken EXIF asks for no turn."""
    try:
        turn = image.getexif().get(_ORIENTATION, 1) if exif_at_hand(image) else 1
    except Exception:  # Pillow's EXIF reader raises nearly anything on hostile bytes
        return 1
    return turn if turn in range(1, 9) else 1


def dpi_of(info: Mapping[Any, Any]) -> tuple[float, float] | None:
    """Return the resolution that a file states, across and down; None where it is nonsense."""
    try:
        stated = info.get("dpi") or exif_dpi(info.get("exif")) or ()
        across, down = (float(value) for value in stated)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    sound = all(_LEAST_DPI <= value <= _MOST_DPI for value in (across, down))
    return (across, down) if sound else None
