"""A window: the rectangle of a picture that is read, painted or written at once."""

from dataclasses import dataclass
from typing import NamedTuple

from impasto.images.samples import Samples


@dataclass(frozen=True)
class Window:
    """A rectangle of pixels: rows ``top`` to ``bottom``, columns ``left`` to ``right``.

    >>> window = Window(top=2, left=1, height=3, width=4)
    >>> window.bottom, window.right
    (5, 5)
    >>> window.slices
    (slice(2, 5, None), slice(1, 5, None))
    """

    top: int
    left: int
    height: int
    width: int

    @property
    def bottom(self) -> int:
        """The first row below the window."""
        return self.top + self.height

    @property
    def right(self) -> int:
        """The first column beyond the window."""
        return self.left + self.width

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, ready to index an array of H W or H W C."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


def whole(height: int, width: int) -> Window:
    """Return the window that covers a whole picture.

    >>> whole(480, 640)
    Window(top=0, left=0, height=480, width=640)
    """
    return Window(0, 0, height, width)


class Strip(NamedTuple):
    """Whole rows of a finished picture; strips come in order, from top to bottom."""

    pixels: Samples  # h W 3
    alpha: Samples | None = None  # h W, of the same depth
