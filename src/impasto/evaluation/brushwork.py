"""Whether strokes run and are as large as those of the style: orientation and scale."""

import numpy as np
import numpy.typing as npt
from scipy.ndimage import gaussian_filter

from impasto.evaluation.similarity import Picture, luminance

FloatArray = npt.NDArray[np.floating]

BINS = 36  # of half a turn: 5 degrees each
INNER, OUTER = 1.0, 3.0  # pixels: of the gradient, and of the tensor around it
COARSEST, FINEST = 1 / 64, 1 / 2  # cycles a pixel
STEPS = 20  # of the spectrum, from coarse to fine: a quarter of an octave each


def orientation_distance(painted: Picture, style: Picture) -> float:
    """How many degrees strokes would have to turn, on average, to run as the style's do.

    The earth mover's distance on the circle between histograms of the direction in which the
    structure tensor (Bigun and Granlund 1987) sees strokes, weighed by how clear it is. 0 where
    strokes run alike, 45 between one direction and all, at most 90.
    """
    gap = np.cumsum(_directions(painted) - _directions(style))
    return float(np.abs(gap - np.median(gap)).sum() * 180 / BINS)


def scale_distance(painted: Picture, style: Picture) -> float:
    """How many octaves strokes would have to grow or shrink to be as large as the style's.

    The earth mover's distance between the power spectra of luminance over the logarithm of
    frequency, whitened by its square, since natural pictures fall so (Field 1987). 1 where all
    detail is twice or half as large; pixels are compared as they are.
    """
    gap = np.cumsum(_spectrum(painted) - _spectrum(style))
    return float(np.abs(gap).sum() * np.log2(FINEST / COARSEST) / STEPS)


def _directions(picture: Picture) -> FloatArray:
    """Return the share of each direction, from 0 to half a turn; alike where nothing runs."""
    plane = luminance(picture).astype(np.float64) / 255
    down, right = (gaussian_filter(plane, INNER, order) for order in ((1, 0), (0, 1)))
    xx, yy, xy = (gaussian_filter(p, OUTER) for p in (right * right, down * down, right * down))
    angle = np.arctan2(2 * xy, xx - yy) % (2 * np.pi)  # twice that of the gradient
    clear = np.hypot(xx - yy, 2 * xy)  # the difference of the tensor's eigenvalues
    return _shares(np.histogram(angle, BINS, (0, 2 * np.pi), weights=clear)[0])


def _spectrum(picture: Picture) -> FloatArray:
    """Return the share of each step of frequency in the whitened power."""
    plane = luminance(picture).astype(np.float64)
    height, width = plane.shape
    window = np.hanning(height + 2)[1:-1, None] * np.hanning(width + 2)[None, 1:-1]
    plane = (plane - (plane * window).sum() / window.sum()) * window
    power = np.abs(np.fft.rfft2(plane)) ** 2
    frequency = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None])
    edges = np.geomspace(COARSEST, FINEST, STEPS + 1)
    counts = np.histogram(frequency, edges)[0]
    # Rings of one picture can be empty that another's are not: the mean of a ring, not its sum.
    sums = np.histogram(frequency, edges, weights=power * frequency**2)[0]
    return _shares(sums / np.maximum(counts, 1))


def _shares(weights: FloatArray) -> FloatArray:
    total = weights.sum()
    return weights / total if total > 1e-9 else np.full(len(weights), 1 / len(weights))
