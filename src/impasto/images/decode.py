"""Decode picture files with Pillow, guarded: any bytes give a picture or one of our errors."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import BinaryIO

import numpy as np
from PIL import Image

from impasto.errors import (
    ImpastoError,
    NotAPicture,
    PictureError,
    PictureTooLarge,
    TruncatedPicture,
)
from impasto.images.profiles import to_srgb
from impasto.images.quiet import quiet_libtiff, quiet_pillow
from impasto.images.transparency import Bytes, fill_transparent

READABLE = "JPEG, PNG, WebP, AVIF, TIFF, BMP and GIF"

_FORMATS = ("JPEG", "PNG", "GIF", "BMP", "WEBP", "AVIF", "TIFF")  # JPEG brings MPO along
_OURS = {
    "JPEG": rb"\xff\xd8\xff",
    "PNG": rb"\x89PNG\r\n",
    "GIF": rb"GIF8[79]a",
    "BMP": rb"BM.{4}\0{4}",
    "WebP": rb"RIFF.{4}WEBP",
    "AVIF": rb".{4}ftypavi[fs]",
    "TIFF": rb"II[*+]\0|MM\0[*+]",
}
_OTHERS = {
    "HEIC": rb".{4}ftyp(hei|hev|mif1|msf1)",
    "JPEG XL": rb"\xff\x0a|.{4}JXL ",
    "JPEG 2000": rb".{4}jP  ",
    "Photoshop": rb"8BPS",
    "PDF": rb"%PDF",
    "SVG": rb"\s*<(\?xml|svg)",
    "video": rb".{4}ftyp|\x1a\x45\xdf\xa3|RIFF.{4}AVI ",
}
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ORIENTATION = 0x0112


def decode(file: BinaryIO, name: str, max_pixels: int) -> tuple[Bytes, Bytes | None]:
    """Return the first picture of a file as sRGB, upright: H W 3, and alpha H W or None.

    Raises:
        NotAPicture, TruncatedPicture, PictureTooLarge: judged by the header where possible.
    """
    head = file.read(32)
    file.seek(0)
    if not head:
        raise NotAPicture(f'"{name}" is empty. Give a picture: {READABLE}.')
    tiff = re.match(_OURS["TIFF"], head) is not None
    with _guarded(name, head, max_pixels, tiff), Image.open(file, formats=_FORMATS) as image:
        return unpack(image, name, max_pixels)


def decode_image(image: Image.Image, name: str, max_pixels: int) -> tuple[Bytes, Bytes | None]:
    """Return a Pillow image the same way; it may not have been loaded yet."""
    with _guarded(name, b"", max_pixels, image.format == "TIFF"):
        return unpack(image, name, max_pixels)


def unpack(image: Image.Image, name: str, max_pixels: int) -> tuple[Bytes, Bytes | None]:
    """Return the pixels of an open Pillow image; for use inside the guard."""
    width, height = image.size
    check_size(name, height, width, max_pixels)
    image.load()
    turn = _turn(image)
    color, alpha = _channels(image)
    if turn is not None:
        color, alpha = color.transpose(turn), alpha and alpha.transpose(turn)
    return np.asarray(color), None if alpha is None else np.asarray(alpha)


def _turn(image: Image.Image) -> Image.Transpose | None:
    """Return the transposition that sets a loaded picture upright; broken EXIF asks for none."""
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # Pillow's EXIF reader raises nearly anything on hostile bytes
        return None


def check_size(name: str, height: int, width: int, max_pixels: int) -> None:
    """Refuse pictures without pixels or with more than allowed."""
    if height < 1 or width < 1:
        raise PictureError(f'"{name}" has no pixels: {width} x {height}. Give another picture.')
    if height * width > max_pixels:
        raise _too_large(name, height * width, max_pixels)


def _too_large(name: str, pixels: int, max_pixels: int) -> PictureTooLarge:
    return PictureTooLarge(
        f'"{name}" has {pixels:,} pixels, {max_pixels:,} are allowed. '
        f"Make it smaller, or allow it: --max-pixels {pixels}"
    )


def _channels(image: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """Split any mode into sRGB color and, where something is transparent, alpha."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):
        image = _deep_grey(image)
    if not image.has_transparency_data:
        plain = {"1": "L", "L": "L", "CMYK": "CMYK", "LAB": "LAB"}
        return to_srgb(image.convert(plain.get(image.mode, "RGB")), profile), None
    rgba = image.convert("RGBA")
    alpha = rgba.getchannel("A")
    if alpha.getextrema() == (255, 255):
        return to_srgb(rgba.convert("RGB"), profile), None
    return to_srgb(fill_transparent(rgba), profile), alpha


def _deep_grey(image: Image.Image) -> Image.Image:
    """Reduce 16-bit, 32-bit and float grey to 8 bits.

    White is 65535 for 16 bits. Wider modes do not say what white is: it is taken as the
    smallest of 1 (float only), 255 (float only), 65535 and the largest value that fits.
    """
    values = np.nan_to_num(np.asarray(image, np.float32), posinf=0, neginf=0).clip(0)
    peak = float(values.max())
    whites = [1.0, 255.0, 65535.0, peak] if image.mode == "F" else [65535.0, peak]
    white = next(white for white in whites if peak <= white)
    return Image.fromarray((values * np.float32(255 / white)).round().astype(np.uint8))


@contextmanager
def _guarded(name: str, head: bytes, max_pixels: int, tiff: bool) -> Iterator[None]:
    """Turn everything that Pillow may raise into one of our errors.

    Its decoders raise nearly any exception on hostile bytes, so all are caught.
    """
    with quiet_pillow(max_pixels), quiet_libtiff() if tiff else nullcontext():
        try:
            yield
        except ImpastoError:
            raise
        except Image.DecompressionBombError as error:
            count = re.search(r"\d+", str(error))
            pixels = int(count.group()) if count else 2 * max_pixels
            raise _too_large(name, pixels, max_pixels) from error
        except MemoryError as error:
            raise PictureError(
                f'"{name}" does not fit into memory. Make it smaller, or close other programs.'
            ) from error
        except Exception as error:
            raise _unreadable(name, head) from error


def _unreadable(name: str, head: bytes) -> PictureError:
    for kind, signature in _OURS.items():
        if re.match(signature, head, re.DOTALL):
            return TruncatedPicture(
                f'"{name}" is a {kind} file that ends early or is damaged. '
                "Copy or download it again."
            )
    for kind, signature in _OTHERS.items():
        if re.match(signature, head, re.DOTALL):
            return NotAPicture(f'"{name}" is a {kind} file. {READABLE} can be read: convert it.')
    if not head:
        return TruncatedPicture(f'"{name}" cannot be decoded: it ends early or is damaged.')
    return NotAPicture(f'"{name}" is not a picture. {READABLE} can be read.')
