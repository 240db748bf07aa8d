"""Arrays as pictures: which are taken, and what their values mean."""

from typing import Any

import numpy as np
import numpy.typing as npt

from impasto.errors import PictureError
from impasto.images.guard import check_size
from impasto.images.samples import Samples, to_samples, white_of
from impasto.images.transparency import fill_transparent


def from_array(array: npt.NDArray[np.generic], max_pixels: int) -> tuple[Samples, Samples | None]:
    """Return color, H W 3, and alpha, H W, of an array; uint16 stays, all else becomes uint8.

    Args:
        array: uint8, uint16 or float in [0, 1]; H W (grey), H W 3 (RGB) or H W 4 (RGB and alpha).
        max_pixels: more are refused.

    Raises:
        PictureError: the array is of another shape or type, or has values beyond its range.
    """
    if array.ndim not in (2, 3) or (array.ndim == 3 and array.shape[2] not in (3, 4)):
        raise PictureError(
            f"An array of shape {array.shape} is not a picture. "
            "Give H W (grey), H W 3 (RGB) or H W 4 (RGB and alpha)."
        )
    check_size("array", array.shape[0], array.shape[1], max_pixels)
    samples = _to_samples(array)
    if samples.ndim == 2:
        return np.repeat(samples[..., None], 3, axis=2), None
    if samples.shape[2] == 3:
        return samples, None
    color, alpha = (np.ascontiguousarray(part) for part in (samples[..., :3], samples[..., 3]))
    if alpha.min() == white_of(8 * alpha.itemsize):
        return color, None
    return fill_transparent(color, alpha), alpha


def _to_samples(array: npt.NDArray[Any]) -> Samples:
    """Return a copy, so that the caller may go on to change the array."""
    if array.dtype.kind == "u" and array.itemsize <= 2:
        return array.astype(array.dtype.newbyteorder("="))
    if not np.issubdtype(array.dtype, np.floating):
        raise PictureError(
            f"An array of {array.dtype} is not a picture. Give uint8, uint16, or floats in [0, 1]."
        )
    values = np.asarray(array, np.float32)
    low, high = float(values.min()), float(values.max())
    if not (low >= -1e-3 and high <= 1 + 1e-3):  # written so that NaN fails too
        raise PictureError(
            f"The array's values go from {low:.4g} to {high:.4g}. "
            "Floats must lie in [0, 1]: divide by 255, or clip."
        )
    return to_samples(values, 8)
