"""How far the colors of a painting are from those of its style."""

from typing import NamedTuple

import numpy as np
from scipy.optimize import linprog

from impasto.catalog.palette import palette, parse_color
from impasto.evaluation.similarity import Picture
from impasto.images.color import FloatArray, rgb_to_lab
from impasto.images.samples import to_floats

COLORS = 8  # of each palette


class Weighed(NamedTuple):
    """A palette: CIE Lab, N 3, and the share of each color."""

    lab: FloatArray
    shares: FloatArray


def color_distance(painted: Picture, style: Picture) -> float:
    """Return the distance of the palettes of two pictures, see `palette_distance`."""
    return palette_distance(weighed(painted), weighed(style))


def palette_distance(painted: Weighed, style: Weighed) -> float:
    """Earth mover's distance of two palettes (Rubner et al. 2000), in CIEDE2000.

    How much the paint on the one canvas would have to change color, on average, to have the
    palette of the other. 0 for equal palettes, 1 is hardly seen, black and white are 100 apart.
    """
    from skimage.color import deltaE_ciede2000

    cost = deltaE_ciede2000(painted.lab[:, None], style.lab[None])  # type: ignore[no-untyped-call]
    return max(0.0, _moved(cost, painted.shares, style.shares))


def weighed(picture: Picture) -> Weighed:
    """Return the palette of a picture."""
    found = palette(to_floats(picture), COLORS)
    shares = np.array([share for _, share in found])
    lab = rgb_to_lab(np.stack([parse_color(name) for name, _ in found]))
    return Weighed(lab, shares / shares.sum())


def _moved(cost: FloatArray, supply: FloatArray, demand: FloatArray) -> float:
    """Return the least total cost of carrying the supply to where the demand is."""
    rows, columns = cost.shape
    leaving = np.kron(np.eye(rows), np.ones(columns))
    arriving = np.kron(np.ones(rows), np.eye(columns))
    # One of the sums follows from the others, and rounding would let it contradict them.
    sums, amounts = np.vstack([leaving, arriving[1:]]), np.concatenate([supply, demand[1:]])
    return float(linprog(cost.ravel(), A_eq=sums, b_eq=amounts, method="highs").fun)
