"""What can be measured of a picture: light, color, detail; as numbers and as words."""

from dataclasses import dataclass

import numpy as np

from impasto.images.color import FloatArray, rgb_to_lab
from impasto.images.resize import FloatPicture

HUES = ("red", "orange", "yellow", "green", "cyan", "blue", "purple", "pink")
# CIE Lab hue angles, in degrees, at which one of these names passes into the next.
HUE_ENDS = (50, 78, 105, 165, 235, 303, 330, 370)
BROWNISH, BROWN_BELOW = ("orange", "yellow"), 50.0  # CIE lightness: dark orange is brown
GREY = 8.0  # chroma below which a pixel has no hue
EDGE = 0.06  # of the range of light, from a pixel of a thumbnail to the next


@dataclass(frozen=True)
class Attributes:
    """Measures of one picture, as seen on a thumbnail of about 64 pixels a side."""

    brightness: float  # mean CIE lightness, 0 to 1
    contrast: float  # standard deviation of color in CIE Lab, over 100; 0 where it is one color
    colorfulness: float  # Hasler and Süsstrunk 2003; about 0 (grey) to 1 (extremely colorful)
    detail: float  # share of pixels on an edge, 0 to 1
    hue: str  # name of the hue that most of its color has, or "grey"

    def words(self) -> dict[str, str]:
        """Return each measure as one of a few words, for counting."""
        return {
            "light": _word(self.brightness, (0.4, 0.6), ("dark", "middle", "bright")),
            "color": _word(
                self.colorfulness, (0.08, 0.25, 0.45), ("grey", "muted", "colorful", "vivid")
            ),
            "detail": _word(self.detail, (0.15, 0.45), ("smooth", "middle", "busy")),
            "hue": self.hue,
        }


def measure(rgb: FloatPicture) -> Attributes:
    """Measure a thumbnail: float32 H W 3, sRGB, [0, 1].

    >>> measure(np.zeros((8, 8, 3), np.float32)).words()["light"]
    'dark'
    """
    lab = rgb_to_lab(rgb.reshape(-1, 3)).reshape(rgb.shape)
    light = lab[..., 0] / 100
    return Attributes(
        brightness=round(float(light.mean()), 4),
        contrast=round(float(np.sqrt(lab.var(axis=(0, 1)).sum())) / 100, 4),
        colorfulness=round(colorfulness(rgb), 4),
        detail=round(_edges(light), 4),
        hue=_hue(lab),
    )


def colorfulness(rgb: FloatPicture) -> float:
    """Return how colorful a picture is: 0 is grey, 1 extremely colorful.

    Hasler and Süsstrunk 2003, M3, over 109, which they found to be called extremely colorful.
    """
    red, green, blue = np.moveaxis(rgb.astype(np.float64) * 255, -1, 0)
    one, other = red - green, (red + green) / 2 - blue
    spread = np.hypot(one.std(), other.std())
    return float(spread + 0.3 * np.hypot(one.mean(), other.mean())) / 109


def color_word(color: FloatArray) -> str:
    """Return the plain name of a color, float 3, sRGB in [0, 1]: a hue, brown, or a grey.

    >>> color_word(np.array([0.1, 0.2, 0.5])), color_word(np.array([0.5, 0.35, 0.2]))
    ('blue', 'brown')
    """
    lab = rgb_to_lab(np.asarray(color, np.float64)[None, None])
    light = float(lab[0, 0, 0])
    hue = _hue(lab)
    if hue == "grey":
        return _word(light, (25.0, 85.0), ("black", "grey", "white"))
    return "brown" if hue in BROWNISH and light < BROWN_BELOW else hue


def shape_of(height: int, width: int) -> str:
    """Return ``portrait``, ``square`` or ``landscape``."""
    return _word(width / height, (0.9, 1.1), ("portrait", "square", "landscape"))


def _word(value: float, limits: tuple[float, ...], words: tuple[str, ...]) -> str:
    return words[sum(value >= limit for limit in limits)]


def _edges(light: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> float:
    down = np.abs(np.diff(light, axis=0, append=light[-1:]))
    across = np.abs(np.diff(light, axis=1, append=light[:, -1:]))
    return float((np.maximum(down, across) > EDGE).mean())


def _hue(lab: np.ndarray[tuple[int, ...], np.dtype[np.floating]]) -> str:
    a, b = lab[..., 1].ravel(), lab[..., 2].ravel()
    chroma = np.hypot(a, b)
    first = HUE_ENDS[-1] - 360
    angles = (np.degrees(np.arctan2(b, a)) - first) % 360 + first
    names = np.searchsorted(HUE_ENDS[:-1], angles, side="right")
    weights = np.bincount(names, np.where(chroma < GREY, 0, chroma), minlength=len(HUES))
    return HUES[int(weights.argmax())] if (chroma >= GREY).mean() > 0.1 else "grey"
