"""Carry the colors of one picture to those of another by one linear map.

The map is fixed once, from thumbnails; applying it looks at one pixel at a time, so tiles equal the
whole.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from impasto.images.color import FloatArray, into_gamut

Doubles = npt.NDArray[np.float64]

FLOOR = 1e-6  # variance that everything has: a quarter of a step of 8 bits
MOST = 4.0  # no direction is stretched further, or the grain of a grey painting turns to confetti


@dataclass(frozen=True, eq=False)
class LinearMap:
    """A linear map of colors: ``matrix @ color + offset``."""

    matrix: Doubles  # 3 3
    offset: Doubles  # 3

    def __call__(self, rgb: FloatArray) -> FloatArray:
        """Return mapped colors, float32 ... 3, brought into [0, 1] by luminance and hue."""
        return into_gamut(self.beyond(rgb))

    def beyond(self, rgb: FloatArray) -> FloatArray:
        """Return mapped colors as they are, also outside [0, 1]."""
        red, green, blue = np.moveaxis(rgb, -1, 0)
        # Sums written out: a matrix product would add up in another order in every tile.
        channels = [
            red * np.float32(r) + green * np.float32(g) + blue * np.float32(b) + np.float32(o)
            for (r, g, b), o in zip(self.matrix, self.offset, strict=True)
        ]
        return np.stack(channels, axis=-1)


def monge_kantorovich(source: FloatArray, target: FloatArray) -> LinearMap:
    """Return the linear map that gives the source's colors the target's mean and covariance.

    Of all such maps it moves colors the least: the optimal transport between two Gaussians (Pitie
    and Kokaram 2007).

    Args:
        source: float, ... 3, sRGB, [0, 1]; any number of colors, also a single one.
        target: the same; need not be of the source's shape.
    """
    (mean, spread), (wanted, wanted_spread) = moments(source), moments(target)
    matrix = transport(spread, wanted_spread)
    return LinearMap(matrix, wanted - matrix @ mean)


def moments(points: npt.NDArray[np.floating]) -> tuple[Doubles, Doubles]:
    """Return the mean and the covariance of points, ... C; one point has a covariance of 0."""
    flat = points.reshape(-1, points.shape[-1]).astype(np.float64)
    mean = flat.mean(axis=0)
    centred = flat - mean
    return mean, centred.T @ centred / len(flat)


def transport(source: Doubles, target: Doubles, most: float = MOST) -> Doubles:
    """Return the symmetric A with A S A = T for covariances S and T, C C.

    A = S^-1/2 (S^1/2 T S^1/2)^1/2 S^-1/2. Both get a small floor, so that flat and grey pictures
    have an answer too, and equal ones still the identity. No direction is stretched further than
    ``most``.
    """
    floor = FLOOR * np.eye(len(source))
    root = _root(source + floor)
    inverse = np.linalg.inv(root)
    values, vectors = np.linalg.eigh(inverse @ _root(root @ (target + floor) @ root) @ inverse)
    return np.asarray((vectors * np.minimum(values, most)) @ vectors.T)


def _root(matrix: Doubles) -> Doubles:
    values, vectors = np.linalg.eigh(matrix)
    return np.asarray((vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T)
