"""The main colors of a picture, with their shares; and colors by their names."""

import re

import numpy as np
import numpy.typing as npt
from PIL import ImageColor

from impasto.errors import SettingError, did_you_mean
from impasto.images.color import FloatArray, lab_to_rgb, rgb_to_lab
from impasto.images.resize import fit_long_side, resize

_LONG_SIDE = 96  # colors need no detail; this bounds the time at any size
_ROUNDS = 30


def palette(rgb: npt.NDArray[np.float32], count: int = 6) -> list[tuple[str, float]]:
    """Return up to ``count`` main colors as (hex, share of the area), largest share first.

    K-means in CIE Lab from a fixed seed: the same picture always gives the same palette. The
    shares add up to 1; a picture of fewer colors gives fewer.

    Args:
        rgb: float32, H W 3, sRGB, [0, 1].

    >>> flag = np.zeros((4, 4, 3), np.float32)
    >>> flag[:3] = 1.0
    >>> palette(flag)
    [('#ffffff', 0.75), ('#000000', 0.25)]
    """
    height, width = rgb.shape[:2]
    if max(height, width) > _LONG_SIDE:
        rgb = resize(rgb, *fit_long_side(height, width, _LONG_SIDE))
    points = rgb_to_lab(rgb.reshape(-1, 3).astype(np.float64))
    centers = _settle(points, _spread(points, count))
    shares = np.bincount(_nearest(points, centers), minlength=len(centers)) / len(points)
    order = np.argsort(-shares, kind="stable")
    return _merge([(_hex(centers[i]), float(shares[i])) for i in order if shares[i] > 0])


def parse_color(text: str) -> FloatArray:
    """Return the color of a CSS name or of #rrggbb, #rgb, rgb(...), hsl(...): float32, 3, [0, 1].

    Raises SettingError with the closest name.

    >>> parse_color("gold").round(2).tolist()
    [1.0, 0.8399999737739563, 0.0]
    """
    word = text.strip().lower()
    try:
        return np.array(ImageColor.getrgb(word)[:3], np.float32) / np.float32(255)
    except ValueError as error:
        bare = re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", word)
        hint = f' Did you mean "#{word}"?' if bare else did_you_mean(word, ImageColor.colormap)
        raise SettingError(
            f'There is no color "{text}".{hint} Colors are #rrggbb or names as in CSS: navy'
        ) from error


def _spread(points: npt.NDArray[np.floating], count: int) -> npt.NDArray[np.floating]:
    """Choose starting centers far apart (k-means++; Arthur and Vassilvitskii, 2007)."""
    random = np.random.default_rng(0)
    centers = [points[random.integers(len(points))]]
    distance = np.full(len(points), np.inf)
    while len(centers) < count:
        distance = np.minimum(distance, ((points - centers[-1]) ** 2).sum(axis=1))
        if distance.max() < 1e-6:
            break
        centers.append(points[random.choice(len(points), p=distance / distance.sum())])
    return np.array(centers)


def _settle(
    points: npt.NDArray[np.floating], centers: npt.NDArray[np.floating]
) -> npt.NDArray[np.floating]:
    for _ in range(_ROUNDS):
        nearest = _nearest(points, centers)
        moved = centers.copy()
        for i in np.unique(nearest):
            moved[i] = points[nearest == i].mean(axis=0)
        if np.allclose(moved, centers, atol=1e-3):
            break
        centers = moved
    return centers


def _nearest(
    points: npt.NDArray[np.floating], centers: npt.NDArray[np.floating]
) -> npt.NDArray[np.intp]:
    distance = ((points[:, None] - centers[None]) ** 2).sum(axis=2)
    return np.asarray(distance.argmin(axis=1))


def _hex(lab: npt.NDArray[np.floating]) -> str:
    red, green, blue = (lab_to_rgb(lab) * 255).round().astype(int)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _merge(colors: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """Add up shares of centers that print as the same color."""
    merged: dict[str, float] = {}
    for name, share in colors:
        merged[name] = merged.get(name, 0.0) + share
    return list(merged.items())
