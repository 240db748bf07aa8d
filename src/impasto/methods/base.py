"""The protocol of every method: prepare once, then paint any window of the picture."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeGuard, runtime_checkable

import numpy as np
import numpy.typing as npt

from impasto.images.masks import Mask
from impasto.images.source import Source
from impasto.images.window import Window
from impasto.styles.style import Style, Vector

Pixels = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Region:
    """A part of the picture that is painted in a style of its own; None leaves the photo there.

    The weight, in [0, 1], scales the mask. What the regions leave of a place is in the style of the
    whole; where they overlap to more than all of it, they share it.
    """

    mask: Mask
    style: Style | None
    weight: float = 1.0


class Painter(Protocol):
    """One picture in one style, ready to be painted window by window, in any order."""

    @property
    def source(self) -> Source:
        """The picture that is painted."""

    def paint(self, window: Window) -> Pixels:
        """Return the painted window, float32 h w 3, RGB in [0, 1]; overlapping windows agree.

        The window must lie within the picture.
        """


@runtime_checkable
class WholePainter(Painter, Protocol):
    """A painter whose painting exists whole, so that none is made anew to be measured."""

    def thumbnail(self, long_side: int) -> Pixels:
        """Return the whole painting, float32 in [0, 1], H W 3, reduced but never enlarged."""


class Stylizer(Protocol):
    """A method: the expensive, global half of painting."""

    def prepare(self, source: Source, style: Style, regions: Sequence[Region] = ()) -> Painter:
        """Look at the whole picture once and return its painter; regions have their own styles.

        Raises PictureError where the picture cannot be read, EncoderMismatch for a style of
        another encoder.
        """


@runtime_checkable
class VectorStylizer(Stylizer, Protocol):
    """A method whose styles are vectors, so that strength and mixing are arithmetic."""

    def see(self, source: Source) -> Vector:
        """Return the vector of a picture's own style."""


def has_vectors(method: Stylizer) -> TypeGuard[VectorStylizer]:
    """Return whether a method sees vectors, and so does what it is around, as `inner`."""
    inner: Stylizer | None = getattr(method, "inner", None)
    return isinstance(method, VectorStylizer) and (inner is None or has_vectors(inner))
