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
from impasto.images.arrays import from_array
from impasto.images.decode import Decoded, ProfileRule, decode, decode_image
from impasto.images.metadata import NOTHING, Metadata
from impasto.images.resize import FloatPicture, reduce_rows
from impasto.images.samples import Samples, depth_of
from impasto.images.strips import open_strips
from impasto.images.window import Window

MAX_PIXELS = 268_435_456  # 16384 x 16384

Picture = str | Path | bytes | BinaryIO | Image.Image | npt.NDArray[np.generic]


class Source(Protocol):
    """A picture that can be read window by window: upright, RGB, sRGB unless metadata says else."""

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
    def depth(self) -> int:
        """Bits of a sample, 8 or 16."""

    @property
    def metadata(self) -> Metadata:
        """What the file says beside its pixels."""

    @property
    def name(self) -> str:
        """What to call the picture in messages."""

    @property
    def sha256(self) -> str:
        """The hash of the file, or of the pixels where there was no file, in hex."""

    def read(self, window: Window) -> Samples:
        """Return the window's pixels, uint8 or uint16 by depth, h w 3; not to be written into.

        The window must lie within the picture. Raises PictureError where the file turns out to be
        damaged there.
        """

    def alpha(self, window: Window) -> Samples | None:
        """Return the window's alpha, of the same depth, h w; None when the picture has none."""

    def thumbnail(self, long_side: int) -> FloatPicture:
        """Return the whole picture, float32 in [0, 1], H W 3, reduced but never enlarged."""


@dataclass(frozen=True, eq=False)
class ArraySource:
    """A source whose pixels lie in memory."""

    name: str
    pixels: Samples  # H W 3
    opacity: Samples | None = None  # H W, of the same depth
    file_sha256: str | None = None
    metadata: Metadata = NOTHING

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

    @property
    def depth(self) -> int:
        """Bits of a sample, 8 or 16."""
        return depth_of(self.pixels)

    @cached_property
    def sha256(self) -> str:
        """The hash of the file, or of size and pixels where there was no file, in hex."""
        if self.file_sha256 is not None:
            return self.file_sha256
        digest = hashlib.sha256(f"{self.height} {self.width}".encode())
        for plane in (self.pixels, self.opacity):
            digest.update(b"" if plane is None else plane.tobytes())
        return digest.hexdigest()

    def read(self, window: Window) -> Samples:
        """Return the window's pixels, of its depth, h w 3; a view, so do not write into it."""
        return self.pixels[window.slices]

    def alpha(self, window: Window) -> Samples | None:
        """Return the window's alpha, of the same depth, h w; None when the picture has none."""
        return None if self.opacity is None else self.opacity[window.slices]

    def thumbnail(self, long_side: int) -> FloatPicture:
        """Return the whole picture, float32 in [0, 1], H W 3, reduced but never enlarged."""
        return reduce_rows(self.read, self.height, self.width, long_side)


def open_picture(
    picture: Picture, *, max_pixels: int = MAX_PIXELS, profile: ProfileRule = "srgb"
) -> Source:
    """Open a picture: upright by its EXIF orientation, in sRGB by its color profile.

    Reads JPEG (MPO too), PNG, WebP, AVIF, TIFF, BMP and the first frame of GIF, in any color
    mode; what has more than 8 bits a sample comes as 16. Pixels of alpha 0 get the colors around
    them, so that what a file hides there is not painted into the visible edge. Large files are
    read in strips where `impasto.images.strips` can.

    Args:
        picture: a path, the bytes of a file, an open binary file, a Pillow image, or an array:
            uint8, uint16 or float in [0, 1], H W (grey), H W 3 (RGB) or H W 4 (RGB and alpha).
        max_pixels: more are refused by the header, before anything is decoded.
        profile: "keep" leaves RGB pictures in their profile, which ``metadata.profile`` then
            holds; grey, CMYK and Lab become sRGB always.

    Raises:
        PictureError: and its kinds NotAPicture, TruncatedPicture and PictureTooLarge.

    >>> source = open_picture(np.zeros((4, 6, 3), np.uint8))
    >>> source.height, source.width, source.has_alpha
    (4, 6, False)
    """
    if isinstance(picture, np.ndarray):
        return ArraySource("array", *from_array(picture, max_pixels))
    if isinstance(picture, Image.Image):
        name = Path(str(getattr(picture, "filename", ""))).name or "picture"
        return _in_memory(name, decode_image(picture, name, max_pixels, profile))
    if isinstance(picture, bytes):
        return _from_file(io.BytesIO(picture), "picture", max_pixels, profile)
    if isinstance(picture, str | os.PathLike):
        return _from_path(Path(picture), max_pixels, profile)
    if hasattr(picture, "read"):
        name = Path(str(getattr(picture, "name", ""))).name or "picture"
        return _from_file(_rewindable(picture, name), name, max_pixels, profile)
    raise PictureError(
        f"A picture cannot be opened from {type(picture).__name__}. "
        "Give a path, bytes, an open binary file, a Pillow image or an array."
    )


def _from_path(path: Path, max_pixels: int, profile: ProfileRule) -> Source:
    try:
        if path.is_dir():
            raise PictureError(f'"{path}" is a folder. Name the pictures in it: {path}/*.jpg')
        strips = open_strips(path, max_pixels, profile)
        if strips is not None:
            return strips
        with path.open("rb") as file:
            return _from_file(_rewindable(file, str(path)), str(path), max_pixels, profile)
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


def _from_file(file: BinaryIO, name: str, max_pixels: int, profile: ProfileRule) -> Source:
    decoded = decode(file, name, max_pixels, profile)
    file.seek(0)
    return _in_memory(name, decoded, _digest(file))


def _in_memory(name: str, decoded: Decoded, sha256: str | None = None) -> ArraySource:
    return ArraySource(name, decoded.pixels, decoded.alpha, sha256, decoded.metadata)


def _digest(file: BinaryIO) -> str:
    digest = hashlib.sha256()
    while part := file.read(1 << 20):
        digest.update(part)
    return digest.hexdigest()
