"""Guard the decoders: any bytes give a picture or one of our errors, which names the trouble."""

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from PIL import Image

from impasto.errors import (
    ImpastoError,
    NotAPicture,
    PictureError,
    PictureTooLarge,
    TruncatedPicture,
)
from impasto.images.quiet import quiet_libtiff, quiet_pillow

READABLE = "JPEG, PNG, WebP, AVIF, TIFF, BMP and GIF"

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


def kind_of(head: bytes) -> str | None:
    """Return the format that a file beginning like this has, as Pillow calls it, if we read it.

    >>> kind_of(b"GIF89a")
    'GIF'
    """
    matching = (kind for kind, begins in _OURS.items() if re.match(begins, head, re.DOTALL))
    return next((kind.upper() for kind in matching), None)


def is_tiff(head: bytes) -> bool:
    """Tell whether a file that begins like this is a TIFF."""
    return re.match(_OURS["TIFF"], head) is not None


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


@contextmanager
def guarded(name: str, head: bytes, max_pixels: int, tiff: bool) -> Iterator[None]:
    """Turn everything that a decoder may raise into one of our errors.

    Decoders raise nearly any exception on hostile bytes, so all are caught.
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
                f'"{name}" does not fit into memory. Read large PNG, TIFF and JPEG files in '
                'strips: pip install "impasto[huge]"'
            ) from error
        except Exception as error:
            raise unreadable(name, head) from error


def unreadable(name: str, head: bytes) -> PictureError:
    """Return the error for a file that begins like this and cannot be decoded."""
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
