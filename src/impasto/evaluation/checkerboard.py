"""Checkerboards: the grid that a network's strides leave in its pictures, as a number."""

from itertools import product

import numpy as np
import numpy.typing as npt

from impasto.images.resize import FloatPicture

PERIODS = 8  # pixels: strides of 2, 4 and 8 all repeat within it
BLOCK = 64  # side of the windows whose spectra are averaged
STANDS_OUT = 4.0  # times the power beside it; plain photos reach 2.1, by their JPEG blocks
BESIDE = (-3, -2, 2, 3)  # frequencies beside a peak that a Hann window does not smear it into
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def checkerboard_score(picture: FloatPicture) -> float:
    """Return how strong a grid of period 2, 4 or 8 lies over a picture, in levels of 255.

    The effective amplitude of what stands out of the luminance's spectrum at these frequencies
    (Odena et al. 2016 show where such grids come from). A checkerboard of plus and minus one level
    gives 1; plain photos give 0, and paintings of the shipped painter at most 0.7.

    Args:
        picture: float32 H W 3 in [0, 1]; below 32 pixels a side the answer is 0.
    """
    block = min(BLOCK, min(picture.shape[:2]) // 32 * 32)
    if block == 0:
        return 0.0
    power = _spectrum(picture @ LUMA, block)
    step = block // PERIODS
    places = [place for place in product(range(0, block, step), repeat=2) if place != (0, 0)]
    excess = [max(0.0, power[u, v] - STANDS_OUT * _beside(power, u, v)) for u, v in places]
    return 255.0 * float(np.sqrt(sum(excess)))


def _spectrum(plane: npt.NDArray[np.floating], block: int) -> npt.NDArray[np.float64]:
    """Return the mean power spectrum of overlapping windows (Welch), 1 for a wave of effect 1.

    Each window counts by itself, so that a grid is found also where its sign changes on the way.
    """
    half = block // 2
    windows = np.lib.stride_tricks.sliding_window_view(plane, (block, block))[::half, ::half]
    windows = windows.reshape(-1, block, block)
    hann = np.hanning(block + 1)[:-1]
    shape = np.outer(hann, hann)
    power = np.zeros((block, block))
    for window in windows:
        power += np.abs(np.fft.fft2((window - window.mean()) * shape)) ** 2
    power /= len(windows) * shape.sum() ** 2
    return power


def _beside(power: npt.NDArray[np.float64], u: int, v: int) -> float:
    """Return the usual power around a frequency; on an axis, where edges are strong, along it."""
    side = len(power)
    rows = [power[(u + d) % side, v] for d in BESIDE] if u else []
    columns = [power[u, (v + d) % side] for d in BESIDE] if v else []
    return float(np.exp(np.mean(np.log(np.array(rows + columns) + 1e-15))))
