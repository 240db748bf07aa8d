"""Draw the colors of a picture to a palette of a few colors, smoothly."""

import numpy as np
import numpy.typing as npt

from impasto.images.color import FloatArray, oklab_to_rgb, rgb_to_oklab
from impasto.images.transfer import moments, transport

SOFTNESS = 0.3  # of the distance between neighbours in the palette
SHARPEST, SOFTEST = 0.03, 0.15  # in OKLab, whatever the palette: harder edges would show as bands
STRETCH = 2.5  # of chroma before the pull, at most; with the softness it bounds the steepness
LEAST_SPAN = 0.6  # of lightness: a painting can be seen in it, also where the palette has less
LEAST_PAINTED = 0.4  # the contrast of flat paintings is not raised at will

Doubles = npt.NDArray[np.floating]


class PaletteMap:
    """A smooth map of colors to a palette, made for one painting.

    In OKLab. Lightness goes by a straight line from the painting's range to the palette's, so
    light and dark never change places. Chroma is first carried to the palette's mean and spread by
    the Monge-Kantorovich map, so that every color of the palette finds its place; then each pixel
    gets the mean of the palette's chromas, weighted by ``exp(-distance^2 / 2 softness^2)``. At
    each lightness that is the gradient of a convex function: hues do not cross, nothing jumps.
    """

    def __init__(self, painting: FloatArray, colors: FloatArray) -> None:
        """Look at a painting, float32 H W 3, and at the palette, float N 3, both sRGB in [0, 1]."""
        painted = rgb_to_oklab(painting.reshape(-1, 3).astype(np.float64))
        self._palette = rgb_to_oklab(np.unique(colors.astype(np.float64), axis=0))
        self._softness = _softness(self._palette)
        self._lightness = _line(painted[:, 0], self._palette[:, 0])
        self._center, spread = moments(painted[:, 1:])
        self._mean, wanted = moments(self._palette[:, 1:])
        self._matrix = transport(spread, wanted, STRETCH)

    def __call__(self, rgb: FloatArray) -> FloatArray:
        """Return the colors, float ... 3, in the palette; costly, so bake it into a Lut."""
        lab = rgb_to_oklab(np.asarray(rgb, np.float64))
        slope, start = self._lightness
        lab[..., 0] = (slope * lab[..., 0] + start).clip(0, 1)
        lab[..., 1:] = (lab[..., 1:] - self._center) @ self._matrix + self._mean
        distance = ((lab[..., None, :] - self._palette) ** 2).sum(axis=-1)
        nearest = distance.min(axis=-1, keepdims=True)
        weight = np.exp((nearest - distance) / (2 * self._softness**2))
        weight /= weight.sum(axis=-1, keepdims=True)
        lab[..., 1:] = weight @ self._palette[:, 1:]
        return oklab_to_rgb(lab).astype(np.float32)


def _softness(palette: Doubles) -> float:
    if len(palette) == 1:
        return SOFTEST
    distance = np.sqrt(((palette[:, None] - palette) ** 2).sum(axis=-1))
    np.fill_diagonal(distance, np.inf)
    return float(np.clip(SOFTNESS * distance.min(axis=1).mean(), SHARPEST, SOFTEST))


def _line(painted: Doubles, palette: Doubles) -> tuple[float, float]:
    """Return slope and start of the line from the painting's lightness to the palette's."""
    ends = np.quantile(painted, [0.02, 0.98])
    dark, light = _widened(float(ends[0]), float(ends[1]), LEAST_PAINTED)
    low, high = _widened(float(palette.min()), float(palette.max()), LEAST_SPAN)
    slope = (high - low) / (light - dark)
    return slope, low - slope * dark


def _widened(low: float, high: float, least: float) -> tuple[float, float]:
    """Return a range of at least this span, moved rather than cut at 0 and 1."""
    span = max(high - low, least)
    middle = min(max((low + high) / 2, span / 2), 1 - span / 2)
    return middle - span / 2, middle + span / 2
