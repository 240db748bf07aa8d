"""A source that reads a large file in strips, so that it need not fit into memory."""

import hashlib
from collections import deque
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import numpy as np

from impasto.errors import PictureError
from impasto.images.decode import ProfileRule
from impasto.images.guard import guarded
from impasto.images.holes import Transparency, look_through
from impasto.images.metadata import Metadata
from impasto.images.resize import FloatPicture, reduce_rows
from impasto.images.samples import Samples
from impasto.images.vips import LargeFile, open_large
from impasto.images.window import Strip, Window

STRIPS_ABOVE = 64_000_000  # pixels; below, memory is faster

_KEPT = 512  # rows above a window that stay: windows of one row of tiles differ by their halo


def open_strips(
    path: Path, max_pixels: int, rule: ProfileRule, above: int = STRIPS_ABOVE
) -> "StripSource | None":
    """Open a picture to be read in strips; None where memory must do, or tells what is wrong.

    Memory must do without libvips, and for what `impasto.images.vips` leaves to it.
    """
    if not path.is_file():
        return None
    try:
        file = open_large(path, max_pixels, rule, above)
        return None if file is None else StripSource(file)
    except PictureError:
        return None


class _Rows(NamedTuple):
    top: int
    strip: Strip

    @property
    def bottom(self) -> int:
        return self.top + len(self.strip.pixels)


class _Pass:
    """One reading of a file; the rows around the last window are kept."""

    def __init__(self, strips: Iterator[Strip]) -> None:
        self._strips = strips
        self._rows: deque[_Rows] = deque()
        self._end = 0

    def reaches(self, top: int) -> bool:
        """Tell whether this row is kept, or still to come."""
        return top >= (self._rows[0].top if self._rows else self._end)

    def cut(self, window: Window) -> Strip:
        """Return the pixels and alpha of a window that this pass reaches."""
        while self._end < window.bottom:
            self._rows.append(_Rows(self._end, next(self._strips)))
            self._end = self._rows[-1].bottom
            while self._rows and self._rows[0].bottom <= window.top - _KEPT:
                self._rows.popleft()
        parts = [
            [None if plane is None else _part(plane, rows.top, window) for plane in rows.strip]
            for rows in self._rows
            if rows.bottom > window.top and rows.top < window.bottom
        ]
        pixels, alpha = zip(*parts, strict=True)
        return Strip(np.concatenate(pixels), None if alpha[0] is None else np.concatenate(alpha))


def _part(plane: Samples, top: int, window: Window) -> Samples:
    return plane[max(0, window.top - top) : window.bottom - top, window.left : window.right]


class StripSource:
    """A source that decodes a file as far down as the window that is asked for.

    Windows should come from top to bottom, as tiles do; going up by more than 512 rows is right
    too, but begins again at the first row. Under alpha 0 the colors are those around, as in memory,
    but from a small copy of the picture. May be used from many threads.
    """

    def __init__(self, file: LargeFile) -> None:
        self._file = file
        self._lock = Lock()
        self._pass: _Pass | None = None

    @property
    def height(self) -> int:
        """Rows of pixels."""
        return self._file.height

    @property
    def width(self) -> int:
        """Columns of pixels."""
        return self._file.width

    @property
    def depth(self) -> int:
        """Bits of a sample, 8 or 16."""
        return self._file.depth

    @property
    def metadata(self) -> Metadata:
        """What the file says beside its pixels."""
        return self._file.metadata

    @property
    def name(self) -> str:
        """What to call the picture in messages."""
        return str(self._file.path)

    @cached_property
    def sha256(self) -> str:
        """The hash of the file, in hex."""
        with self._file.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def has_alpha(self) -> bool:
        """Whether anything in the picture is transparent."""
        return not self._transparency.opaque

    @cached_property
    def _transparency(self) -> Transparency:
        """What takes a pass of its own, where the file has alpha."""
        if self._file.bands in (1, 3):
            return Transparency(opaque=True)
        with self._guarded():
            return look_through(self._file.strips(), self.height, self.width)

    def read(self, window: Window) -> Samples:
        """Return the window's pixels, uint8 or uint16 by depth, h w 3."""
        return self._cut(window).pixels

    def alpha(self, window: Window) -> Samples | None:
        """Return the window's alpha, of the same depth, h w; None when the picture has none."""
        return self._cut(window).alpha if self.has_alpha else None

    def thumbnail(self, long_side: int) -> FloatPicture:
        """Return the whole picture, float32 in [0, 1], H W 3, reduced but never enlarged."""
        once = self._begin()
        with self._guarded():
            return reduce_rows(
                lambda window: once.cut(window).pixels, self.height, self.width, long_side
            )

    def _cut(self, window: Window) -> Strip:
        with self._lock, self._guarded():
            if self._pass is None or not self._pass.reaches(window.top):
                self._pass = self._begin()
            return self._pass.cut(window)

    def _begin(self) -> _Pass:
        return _Pass(self._transparency.filled(self._file.strips(), self.height))

    def _guarded(self) -> AbstractContextManager[None]:
        return guarded(self.name, self._file.head, self._file.pixels, tiff=False)
