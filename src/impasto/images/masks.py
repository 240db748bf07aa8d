"""Masks: how much each place of a picture belongs to a region, whatever the picture's size."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from impasto.errors import PictureError
from impasto.images.color import luminance
from impasto.images.resample import BILINEAR, read_scaled
from impasto.images.resize import reduce_rows
from impasto.images.samples import Samples
from impasto.images.source import Picture, Source, open_picture
from impasto.images.window import Window

MOST = 4096  # long side that a mask is kept at; larger ones are reduced
SAME_SHAPE = 0.02  # how far the proportions of mask and picture may be apart

Plane = npt.NDArray[np.float32]  # H W, [0, 1]


@dataclass(frozen=True, eq=False)
class Mask:
    """A plane of weights that is stretched over a picture of any size.

    H W, bool or float in [0, 1]; PictureError for an array of another shape, type or range.
    """

    plane: Plane

    def __post_init__(self) -> None:
        plane = np.asarray(self.plane)
        if plane.dtype == np.bool_:
            plane = plane.astype(np.float32)
        if plane.ndim != 2 or not plane.size or not np.issubdtype(plane.dtype, np.floating):
            raise PictureError(
                f"An array of {plane.dtype} and shape {plane.shape} is not a mask. "
                "Give H W, bool or float in [0, 1]."
            )
        if not (plane.min() >= -1e-3 and plane.max() <= 1 + 1e-3):  # written so that NaN fails too
            raise PictureError(
                f"The mask's values go from {plane.min():.4g} to {plane.max():.4g}. "
                "They must lie in [0, 1]: divide by 255, or clip."
            )
        object.__setattr__(self, "plane", plane.astype(np.float32).clip(0, 1))

    def read(self, window: Window, height: int, width: int) -> Plane:
        """Return the weights of a window of a picture of this size, float32 h w.

        A place has the same weight in every window. Bilinear where the mask is the smaller one,
        with the filter widened against aliasing where the picture is.
        """
        if self.plane.shape == (height, width):
            return self.plane[window.slices]
        plane, (rows, columns) = self.plane, self.plane.shape
        size = height, width
        read = read_scaled(lambda w: plane[w.slices], rows, columns, size, window, BILINEAR)
        return np.minimum(read, 1, out=read)  # shares are rounded each by itself

    def inverted(self) -> "Mask":
        """Return the mask of everything else.

        >>> EVERYWHERE.inverted().plane.tolist()
        [[0.0]]
        """
        return Mask(1 - self.plane)

    def feathered(self, feather: float) -> "Mask":
        """Return the mask with a border this wide, in per cent of the long side; 0 changes nothing.

        The border goes from 2 to 98 per cent over that width, half of it to each side (a Gaussian).
        Masks that sum to 1 still do afterwards.
        """
        if not feather:
            return self
        from scipy.ndimage import gaussian_filter

        sigma = feather / 100 * max(self.plane.shape) / 4
        return Mask(gaussian_filter(self.plane, sigma, mode="nearest").clip(0, 1))


EVERYWHERE = Mask(np.ones((1, 1), np.float32))


def mask_from_picture(picture: Picture, source: Source) -> Mask:
    """Open a picture as a mask for a source: its alpha if it has one, else how light it is.

    Raises PictureError where it cannot be read, or is of another shape than the source.
    """
    drawn = open_picture(picture)
    ratio = drawn.height * source.width / (drawn.width * source.height)
    if abs(ratio - 1) > SAME_SHAPE + 1 / min(drawn.height, drawn.width):
        raise PictureError(
            f"The mask {drawn.name} has {drawn.width} x {drawn.height} pixels, {source.name} has "
            f"{source.width} x {source.height}: give a mask of the picture's proportions."
        )
    if drawn.has_alpha:
        return mask_from_alpha(drawn)
    return Mask(luminance(drawn.thumbnail(MOST)))


def mask_from_alpha(source: Source) -> Mask:
    """Return how opaque each place of a source is; raise PictureError if it has no alpha."""
    if not source.has_alpha:
        raise PictureError(
            f"{source.name} has no transparent part, so its alpha is no mask. "
            "Give a mask as a picture, or point at the region: X,Y"
        )

    def read(window: Window) -> Samples:
        alpha = source.alpha(window)
        assert alpha is not None
        return np.repeat(alpha[..., None], 3, 2)

    reduced = reduce_rows(read, source.height, source.width, MOST)
    return Mask(np.ascontiguousarray(reduced[..., 0]))
