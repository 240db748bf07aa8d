"""How alike two pictures are, pixel by pixel: PSNR, SSIM and MS-SSIM of their luminance."""

import numpy as np
import numpy.typing as npt
from PIL import Image
from scipy.ndimage import convolve1d

Picture = npt.NDArray[np.uint8]  # H W 3, sRGB
Plane = npt.NDArray[np.floating]

IDENTICAL_DB = 100.0  # PSNR of equal pictures, which would be infinite
WINDOW = 7  # pixels a side of SSIM's uniform window, scikit-image's default

# Wang, Simoncelli and Bovik 2003: the weight of each of five scales, from fine to coarse.
SCALES = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333)
SIGMA, RADIUS = 1.5, 5  # of the Gaussian window, 11 x 11
C1, C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
SMALLEST = (2 * RADIUS + 1) * 2 ** (len(SCALES) - 1)  # pixels a side that MS-SSIM needs


def luminance(picture: Picture) -> Picture:
    """Return the luminance of ITU-R BT.601, uint8 H W, of a picture, uint8 H W 3."""
    return np.asarray(Image.fromarray(picture).convert("L"))


def psnr(painted: Picture, content: Picture) -> float:
    """Peak signal-to-noise ratio over all channels in dB; 100 for equal pictures."""
    error = np.square(painted.astype(np.float64) - content).mean()
    return IDENTICAL_DB if error == 0 else min(IDENTICAL_DB, float(10 * np.log10(255**2 / error)))


def ssim(painted: Picture, content: Picture) -> float:
    """Mean structural similarity of luminance (Wang et al. 2004), uniform windows of 7 x 7.

    At most 1, for equal pictures; nan where a side has fewer than 7 pixels.
    """
    from skimage.metrics import structural_similarity

    if min(painted.shape[:2]) < WINDOW:
        return float("nan")
    planes = luminance(painted), luminance(content)
    return float(structural_similarity(*planes, win_size=WINDOW))  # type: ignore[no-untyped-call]


def ms_ssim(painted: Picture, content: Picture) -> float:
    """Multi-scale structural similarity of luminance (Wang, Simoncelli and Bovik 2003).

    Contrast and structure at five scales, each half the one before, and light at the coarsest, in
    Gaussian windows of 11 x 11. At most 1; nan where a side has fewer than 176 pixels.
    """
    if min(painted.shape[:2]) < SMALLEST:
        return float("nan")
    x: Plane
    y: Plane
    x, y = (luminance(picture).astype(np.float64) for picture in (painted, content))
    result = 1.0
    for number, weight in enumerate(SCALES):
        light, structure = _compared(x, y)
        last = number == len(SCALES) - 1
        similar = float((light * structure).mean() if last else structure.mean())
        result *= max(similar, 0.0) ** weight  # a negative one has no power
        x, y = _halved(x), _halved(y)
    return result


def _compared(x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """Return the similarity of light, and that of contrast and structure, of every window."""
    mean_x, mean_y = _smooth(x), _smooth(y)
    variances = _smooth(x * x) - mean_x**2 + _smooth(y * y) - mean_y**2
    covariance = _smooth(x * y) - mean_x * mean_y
    light = (2 * mean_x * mean_y + C1) / (mean_x**2 + mean_y**2 + C1)
    return light, (2 * covariance + C2) / (variances + C2)


def _smooth(plane: Plane) -> Plane:
    """Return the Gaussian mean of every window that lies within the plane."""
    offsets = np.arange(-RADIUS, RADIUS + 1)
    kernel = np.exp(-(offsets**2) / (2 * SIGMA**2))
    kernel /= kernel.sum()
    smooth = convolve1d(convolve1d(plane, kernel, axis=0), kernel, axis=1)
    return np.asarray(smooth[RADIUS:-RADIUS, RADIUS:-RADIUS])


def _halved(plane: Plane) -> Plane:
    height, width = (side // 2 * 2 for side in plane.shape)
    return np.asarray(plane[:height, :width].reshape(height // 2, 2, width // 2, 2).mean((1, 3)))
