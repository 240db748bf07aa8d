"""Open pictures: files, bytes, streams, Pillow images and arrays, all behind one Source."""

import hashlib
import io
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from impasto.errors import PictureError, did_you_mean
from impasto.images.decode import check_size, decode, decode_image
from impasto.images.resize import FloatPicture, reduce_bytes
from impasto.images.transparency import Bytes, fill_transparent
from impasto.images.window import Window

MAX_PIXELS = 268_435_456  # 16384 x 16384

Picture = str | Path | bytes | BinaryIO | Image.Image | npt.NDArray[np.generic]


class Source(Protocol):
    """A picture that can be read window by window: upright, sRGB, RGB."""

    @property
    def height(self) -> int:
        """Rows of pixels."""

    @property
    def width(self) -> int:
        """Columns of pixels."""

    @property
    def has_alpha(self) -> bool:
        """Whether anything in the picture is transparent."""

    @property
    def name(self) -> str:
        """What to call the picture in messages."""

    @property
    def sha256(self) -> str:
        """The hash of the file, or of the pixels where there was no file, in hex."""

    def read(self, window: Window) -> Bytes:
        """Return the window's pixels, uint8, h w 3."""

    def alpha(self, window: Window) -> Bytes | None:
        """Return the window's alpha, uint8, h w; None when the picture has none."""

    def thumbnail(self, long_side: int) -> FloatPicture:
        """Return the whole picture, float32 in [0, 1], H W 3, reduced but never enlarged."""


@dataclass(frozen=True, eq=False)
class ArraySource:
    """A source whose pixels lie in memory as bytes."""

    name: str
    pixels: Bytes  # H W 3
    opacity: Bytes | None = None  # H W
    file_sha256: str | None = None

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return int(self.pixels.shape[0])

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return int(self.pixels.shape[1])

    @property
    def has_alpha(self) -> bool:
        """Whether anything in the picture is transparent."""
        return self.opacity is not None

    @cached_property
    def sha256(self) -> str:
        """The hash of the file, or of size and pixels where there was no file, in hex."""
        if self.file_sha256 is not None:
            return self.file_sha256
        digest = hashlib.sha256(f"{self.height} {self.width}".encode())
        for plane in (self.pixels, self.opacity):
            digest.update(b"" if plane is None else plane.tobytes())
        return digest.hexdigest()

    def read(self, window: Window) -> Bytes:
        """Return the window's pixels, uint8, h w 3; a view, so do not write into it."""
        return self.pixels[window.slices]

    def alpha(self, window: Window) -> Bytes | None:
        """Return the window's alpha, uint8, h w; None when the picture has none."""
        return None if self.opacity is None else self.opacity[window.slices]

    def thumbnail(self, long_side: int) -> FloatPicture:
        """Return the whole picture, float32 in [0, 1], H W 3, reduced but never enlarged."""
        return reduce_bytes(self.pixels, long_side)


def open_picture(picture: Picture, *, max_pixels: int = MAX_PIXELS) -> Source:
    """Open a picture: upright by its EXIF orientation, in sRGB by its color profile.

    Reads JPEG (MPO too), PNG, WebP, AVIF, TIFF, BMP and the first frame of GIF, in any color
    mode, as 8 bits. Pixels of alpha 0 get the colors around them, so that what a file hides
    there is not painted into the visible edge.

    Args:
        picture: a path, the bytes of a file, an open binary file, a Pillow image, or an array:
            uint8 or float in [0, 1], H W (grey), H W 3 (RGB) or H W 4 (RGB and alpha).
        max_pixels: more are refused by the header, before anything is decoded.

    Raises:
        PictureError: and its kinds NotAPicture, TruncatedPicture and PictureTooLarge.

    >>> source = open_picture(np.zeros((4, 6, 3), np.uint8))
    >>> source.height, source.width, source.has_alpha
    (4, 6, False)
    """
    if isinstance(picture, np.ndarray):
        return _from_array(picture, max_pixels)
    if isinstance(picture, Image.Image):
        name = Path(str(getattr(picture, "filename", ""))).name or "picture"
        return ArraySource(name, *decode_image(picture, name, max_pixels))
    if isinstance(picture, bytes):
        return _from_file(io.BytesIO(picture), "picture", max_pixels)
    if isinstance(picture, str | os.PathLike):
        return _from_path(Path(picture), max_pixels)
    if hasattr(picture, "read"):
        name = Path(str(getattr(picture, "name", ""))).name or "picture"
        return _from_file(_rewindable(picture, name), name, max_pixels)
    raise PictureError(
        f"A picture cannot be opened from {type(picture).__name__}. "
        "Give a path, bytes, an open binary file, a Pillow image or an array."
    )


def _from_path(path: Path, max_pixels: int) -> Source:
    try:
        if path.is_dir():
            raise PictureError(f'"{path}" is a folder. Name the pictures in it: {path}/*.jpg')
        with path.open("rb") as file:
            return _from_file(_rewindable(file, str(path)), str(path), max_pixels)
    except FileNotFoundError as error:
        raise PictureError(f'There is no file "{path}".{_sibling(path)}') from error
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        reason = getattr(error, "strerror", None) or "the name is not valid"
        raise PictureError(f'"{path}" cannot be read: {reason}.') from error


def _sibling(path: Path) -> str:
    try:
        return did_you_mean(path.name, (other.name for other in path.parent.iterdir()))
    except OSError:
        return " Its folder is not there either."


def _rewindable(file: BinaryIO, name: str) -> BinaryIO:
    """Return the file from its beginning; a pipe is read into memory first."""
    try:
        seekable = file.seekable()
        content = file.read(0 if seekable else -1)
    except (OSError, ValueError) as error:
        raise PictureError(f'"{name}" cannot be read.') from error
    if not isinstance(content, bytes):
        raise PictureError(f'"{name}" is open as text. Open it as bytes: open(path, "rb")')
    if not seekable:
        return io.BytesIO(content)
    file.seek(0)
    return file


def _from_file(file: BinaryIO, name: str, max_pixels: int) -> Source:
    pixels, opacity = decode(file, name, max_pixels)
    file.seek(0)
    return ArraySource(name, pixels, opacity, _digest(file))


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()


def _from_array(array: npt.NDArray[np.generic], max_pixels: int) -> Source:
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise PictureError(
            f"An array of shape {array.shape} is not a picture. "
            "Give H W (grey), H W 3 (RGB) or H W 4 (RGB and alpha)."
        )
    check_size("array", array.shape[0], array.shape[1], max_pixels)
    values = _to_bytes(array)
    if values.ndim == 2:
        return ArraySource("array", np.repeat(values[..., None], 3, axis=2))
    if values.shape[2] == 3:
        return ArraySource("array", values)
    filled = np.asarray(fill_transparent(Image.fromarray(values)))
    opacity = np.ascontiguousarray(values[..., 3])
    return ArraySource("array", filled, None if opacity.min() == 255 else opacity)


def _to_bytes(array: npt.NDArray[np.generic]) -> Bytes:
    """Return a copy as uint8, so that the caller may go on to change the array."""
    if array.dtype == np.uint8:
        return np.array(array, np.uint8)
    if not np.issubdtype(array.dtype, np.floating):
        raise PictureError(
            f"An array of {array.dtype} is not a picture. Give uint8, or floats in [0, 1]."
        )
    values = np.asarray(array, np.float32)
    low, high = float(values.min()), float(values.max())
    if not (low >= -1e-3 and high <= 1 + 1e-3):  # written so that NaN fails too
        raise PictureError(
            f"The array's values go from {low:.4g} to {high:.4g}. "
            "Floats must lie in [0, 1]: divide by 255, or clip."
        )
    return (values.clip(0, 1) * 255).round().astype(np.uint8)
