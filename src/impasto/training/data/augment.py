"""Random crops of pictures: cut out, turned, mirrored, their colors varied."""

import math

import numpy as np
import numpy.typing as npt
from PIL import Image

from impasto.settings.augmentation import AugmentationSettings

Pixels = npt.NDArray[np.uint8]  # H W 3, RGB

LUMA = np.array([0.299, 0.587, 0.114])  # Rec. 601, of values as files hold them
RIM = 3  # pixels around a square while it is turned
LEAST = 8  # pixels; a smaller square would be one color


def augmented_crop(
    picture: Pixels, size: int, settings: AugmentationSettings, random: np.random.Generator
) -> Pixels:
    """Return a random crop of a picture (H W 3), size size 3, varied as the settings say.

    A picture that is too small for the square gives the largest that it has, enlarged. As many
    numbers are drawn whether a kind of change is switched on or not: so switching one off leaves
    all others as they were.
    """
    scale, top, left, mirror, upend, turn, *jitter = random.random(9)
    low, high = settings.crop_scale_min, settings.crop_scale_max
    square = _square(picture, size, low + scale * (high - low), (top, left), _angle(settings, turn))
    if settings.flip and mirror < 0.5:
        square = square[:, ::-1]
    if settings.flip_vertical and upend < 0.5:
        square = square[::-1]
    ranges = settings.brightness, settings.contrast, settings.saturation
    factors = [1 + r * (2 * draw - 1) for r, draw in zip(ranges, jitter, strict=True)]
    return square if factors == [1, 1, 1] else recolored(square, *factors)


def recolored(picture: Pixels, brightness: float, contrast: float, saturation: float) -> Pixels:
    """Return a picture with brightness, contrast and saturation multiplied by these factors.

    Contrast is about the picture's mean luma, saturation about each pixel's; both keep the mean.
    """
    image = Image.fromarray(picture)
    mean = image.resize((1, 1), Image.Resampling.BOX).convert("L").getpixel((0, 0))
    assert isinstance(mean, int)
    # All three are linear in a pixel, so they are one matrix and one offset.
    saturate = saturation * np.eye(3) + (1 - saturation) * LUMA
    matrix = np.column_stack([contrast * saturate, np.full(3, (1 - contrast) * mean)]) * brightness
    return np.asarray(image.convert("RGB", tuple(matrix.ravel().tolist())))


def _angle(settings: AugmentationSettings, turn: float) -> float:
    return settings.rotate * (2 * turn - 1)


def _square(
    picture: Pixels, size: int, scale: float, place: tuple[float, float], angle: float
) -> Pixels:
    """Return the square of `scale` sides of the crop at a place in [0, 1), resized to the crop."""
    height, width = picture.shape[:2]
    radians = math.radians(angle)
    wider = abs(math.cos(radians)) + abs(math.sin(radians))  # the box around the turned square
    side = min(height / wider, width / wider, max(LEAST, size * scale))
    box = max(1, math.floor(side * wider) if angle else round(side))
    top, left = (int(p * (n - box + 1)) for p, n in zip(place, (height, width), strict=True))
    cut = Image.fromarray(picture[top : top + box, left : left + box])
    if angle:
        return np.asarray(_turned(cut, size, side, angle))
    return np.asarray(cut if box == size else cut.resize((size, size), Image.Resampling.BICUBIC))


def _turned(cut: Image.Image, size: int, side: float, angle: float) -> Image.Image:
    """Return the square in the middle of what was cut out, which stands at an angle."""
    wide = max(size, math.ceil(cut.width * size / side))
    small = np.asarray(cut.resize((wide, wide), Image.Resampling.BICUBIC))
    rim = ((RIM, RIM), (RIM, RIM), (0, 0))  # or the corners would mix with what is outside: black
    padded = Image.fromarray(np.pad(small, rim, "edge"))
    cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    middle, half = RIM + wide / 2, size / 2
    across, down = middle - half * (cos + sin), middle - half * (cos - sin)
    place = (cos, sin, across, -sin, cos, down)  # of a pixel of the crop in what was cut out
    return padded.transform((size, size), Image.Transform.AFFINE, place, Image.Resampling.BICUBIC)
