"""Select a region by pointing: grow it from the picture itself, without learned weights.

The thumbnail is cut into superpixels. What is chosen is the cheapest cut of their graph (Boykov and
Jolly 2001), with color models of region and ground that are made again from each result, as GrabCut
does (Rother et al. 2004). A guided filter (He et al. 2010) then lets the border follow the picture.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from impasto.errors import UsageError
from impasto.images.color import rgb_to_lab
from impasto.images.masks import Mask, Plane
from impasto.images.resize import FloatPicture, fit_long_side, resize
from impasto.images.source import Source
from impasto.images.superpixels import Chosen, Indices, Superpixels, Values
from impasto.images.window import whole

SIDE = 512  # long side that regions are grown at
EDGE = 1024  # long side that borders are refined at
ROUNDS = 4  # of color models and cuts
NEAR = 14.0  # Lab units from the point: what is nearer leans to the region
HOLE = 0.05  # holes smaller than this share of the region are filled


@dataclass(frozen=True)
class Place:
    """A point of a picture, or a box where width and height are not 0; in pixels."""

    left: int
    top: int
    width: int = 0
    height: int = 0


def is_place(text: str) -> bool:
    """Say whether a text is meant as a place.

    >>> is_place("120,80"), is_place("sky.png")
    (True, False)
    """
    return re.fullmatch(r"\s*-?\d+\s*(,\s*-?\d+\s*)+", text) is not None


def parse_place(text: str) -> Place:
    """Read ``x,y`` or ``x,y,width,height``; raise UsageError for anything else.

    >>> parse_place("10,20,30,40")
    Place(left=10, top=20, width=30, height=40)
    """
    numbers = [int(part) for part in text.split(",")] if is_place(text) else []
    if len(numbers) == 2 or (len(numbers) == 4 and min(numbers[2:]) > 0):
        return Place(*numbers)
    raise UsageError(
        f'"{text}" is no place in a picture. Give a point as X,Y or a box as X,Y,WIDTH,HEIGHT '
        "in pixels from the upper left corner."
    )


def select(source: Source, places: Sequence[Place]) -> Mask:
    """Return the region that points and boxes mean together.

    Points are inside the region; a box goes around it. Raises UsageError for a place that is not
    in the picture.
    """
    for place in places:
        _check_inside(place, source)
    guide = source.thumbnail(EDGE)
    thumbnail = guide
    if max(guide.shape) > SIDE:
        thumbnail = resize(guide, *fit_long_side(guide.shape[0], guide.shape[1], SIDE))
    scale = thumbnail.shape[0] / source.height, thumbnail.shape[1] / source.width
    parts = Superpixels.of(thumbnail)
    chosen = np.zeros(len(parts.areas), np.bool_)
    points = [_at(parts, place, scale) for place in places if not place.width]
    if points:
        chosen |= _grown(parts, np.unique(points))
    for box in (place for place in places if place.width):
        chosen |= _inside(parts, box, scale)
    return Mask(refined(_filled(chosen[parts.labels]), guide))


def _check_inside(place: Place, source: Source) -> None:
    right, bottom = place.left + max(1, place.width), place.top + max(1, place.height)
    if place.left < 0 or place.top < 0 or right > source.width or bottom > source.height:
        given = f"{place.left},{place.top}"
        given += f",{place.width},{place.height}" if place.width else ""
        raise UsageError(
            f"{given} is not inside {source.name}, which has {source.width} x {source.height} "
            f"pixels: x from 0 to {source.width - 1}, y from 0 to {source.height - 1}."
        )


def _at(parts: Superpixels, point: Place, scale: tuple[float, float]) -> int:
    rows, columns = parts.labels.shape
    row = min(rows - 1, int((point.top + 0.5) * scale[0]))
    return int(parts.labels[row, min(columns - 1, int((point.left + 0.5) * scale[1]))])


def _grown(parts: Superpixels, seeds: Indices) -> Chosen:
    """Return what belongs to seeds, and hangs together with them."""
    near = parts.distance(seeds)
    sure = np.full(len(near), -1)
    sure[seeds] = 1
    return parts.connected(_settled(parts, near < NEAR, sure, 1 - near / NEAR), seeds)


def _inside(parts: Superpixels, box: Place, scale: tuple[float, float]) -> Chosen:
    """Return what a box goes around: surely nothing beyond it."""
    top, left = int(box.top * scale[0]), int(box.left * scale[1])
    bottom = max(top + 1, round((box.top + box.height) * scale[0]))
    right = max(left + 1, round((box.left + box.width) * scale[1]))
    within = np.zeros(parts.labels.shape)
    within[top:bottom, left:right] = 1
    covered = np.bincount(parts.labels.ravel(), within.ravel()) / parts.areas
    sure = np.where(covered < 0.5, 0, -1)
    return _settled(parts, covered >= 0.5, sure, np.zeros(len(sure)))


def _settled(parts: Superpixels, chosen: Chosen, sure: Indices, lean: Values) -> Chosen:
    """Cut, and learn the colors anew, until nothing changes."""
    for _ in range(ROUNDS):
        if chosen.all() or not chosen.any():
            return chosen
        before, chosen = chosen, parts.cut(parts.preference(chosen) + lean, sure)
        if (before == chosen).all():
            break
    return chosen


def _filled(chosen: npt.NDArray[np.bool_]) -> Plane:
    """Return a region (H W) as a plane, without the small holes that eyes and buttons leave."""
    from scipy.ndimage import label

    holes, _ = label(~chosen)
    small = np.bincount(holes.ravel()) < HOLE * chosen.sum()
    return np.asarray(chosen | small[holes], np.float32)


def refined(plane: Plane, guide: FloatPicture) -> Plane:
    """Return a plane at the size of a guide (float32 H W 3) whose borders follow the guide's."""
    from scipy.ndimage import uniform_filter

    rows, columns = guide.shape[:2]
    size = 2 * max(2, round(max(rows, columns) / 150)) + 1

    def mean(values: Values) -> Values:
        return np.asarray(uniform_filter(values, size, mode="nearest"))

    given = Mask(plane).read(whole(rows, columns), rows, columns).astype(np.float64)
    light = rgb_to_lab(guide)[..., 0] / 100
    together = mean(light * given) - mean(light) * mean(given)
    slope = together / (mean(light**2) - mean(light) ** 2 + 1e-3)
    soft = mean(slope) * light + mean(mean(given) - slope * mean(light))
    # Steeper, so that inside is 1 and outside 0, and only the border is between.
    return np.asarray(np.clip(2 * soft - 0.5, 0, 1), np.float32)
