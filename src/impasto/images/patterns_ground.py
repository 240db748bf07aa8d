"""What every procedural pattern stands on: palettes, noise, scenes, strokes and light."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage
from scipy.spatial import cKDTree
from skimage import color

Field = NDArray[np.float32]  # H W
Picture = NDArray[np.float32]  # H W 3, RGB, [0, 1]
Labels = NDArray[np.int32]  # H W
Colors = NDArray[np.float32]  # N 3, darkest first, lightest last
Random = np.random.Generator


def parse_colors(text: str) -> Colors:
    """Colours from words such as "1b1b2f e94560", as N 3 in [0, 1].

    >>> parse_colors("000000 ff0000").tolist()
    [[0.0, 0.0, 0.0], [1.0, 0.0, 0.0]]
    """
    words = [list(bytes.fromhex(word)) for word in text.split()]
    return (np.array(words, np.float32) / 255).astype(np.float32)


def vary_colors(colors: Colors, rng: Random) -> Colors:
    """Another palette with the same lights and darks: hues turned, chroma scaled (CIELAB)."""
    lab = color.rgb2lab(colors[None])[0]
    hue = np.arctan2(lab[:, 2], lab[:, 1]) + rng.uniform(0, 2 * np.pi)
    hue += rng.normal(0, 0.7, len(lab))
    # A little chroma is lent to greys, or ink drawings would never be seen in colour.
    chroma = np.hypot(lab[:, 1], lab[:, 2]) * rng.uniform(0.7, 1.5) + rng.uniform(0, 12)
    lab[:, 0] = np.clip(lab[:, 0] + rng.normal(0, 4, len(lab)), 4, 98)
    # Beyond this chroma the blue stimulus of a yellow would be negative.
    chroma = np.minimum(chroma, 1.6 * (lab[:, 0] + 16))
    lab[:, 1], lab[:, 2] = chroma * np.cos(hue), chroma * np.sin(hue)
    return np.asarray(np.clip(color.lab2rgb(lab[None])[0], 0, 1), np.float32)


def coordinates(size: int) -> tuple[Field, Field]:
    """Rows and columns of a square canvas, both H W in [0, 1)."""
    rows, columns = np.mgrid[0:size, 0:size].astype(np.float32) / size
    return rows, columns


def enlarge(field: NDArray[np.floating], size: int) -> Field:
    """A small field as size x size, bicubic."""
    image = Image.fromarray(np.ascontiguousarray(field, np.float32))
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC), np.float32)


def noise(rng: Random, size: int, cells: int, octaves: int = 4, gain: float = 0.5) -> Field:
    """Cloudy noise, H W in [0, 1]: `cells` bumps a side, then finer octaves."""
    total = np.zeros((size, size), np.float32)
    for octave in range(octaves):
        count = min(cells * 2**octave, size) + 3
        total += gain**octave * enlarge(rng.random((count, count)), size)
    low, high = np.percentile(total, (0.5, 99.5))
    return np.asarray(np.clip((total - low) / max(high - low, 1e-6), 0, 1), np.float32)


def streaks(rng: Random, size: int, angle: Field, length: int, grain: float = 1.0) -> Field:
    """White noise smeared along a field of angles (line integral convolution), H W in [0, 1]."""
    start = ndimage.gaussian_filter(rng.random((size, size)), grain * 0.5).astype(np.float32)
    stride = max(grain, 1.0)  # blurred noise needs no sample at every pixel
    down, right = stride * np.sin(angle).ravel(), stride * np.cos(angle).ravel()
    total = start.ravel().copy()
    for sign in (-1, 1):
        rows, columns = (
            place.ravel() + 0.5 for place in np.mgrid[0:size, 0:size].astype(np.float32)
        )
        here = np.arange(size * size, dtype=np.int32)
        for _ in range(int(length / 2 / stride)):
            rows += sign * down.take(here, mode="wrap")
            columns += sign * right.take(here, mode="wrap")
            here = rows.astype(np.int32) * size + columns.astype(np.int32)
            total += start.take(here, mode="wrap")
    total = total.reshape(size, size)
    low, high = np.percentile(total, (1, 99))
    return np.asarray(np.clip((total - low) / max(high - low, 1e-6), 0, 1), np.float32)


def step(field: NDArray[np.floating], edge: NDArray[np.floating] | float, soft: float) -> Field:
    """0 below the edge, 1 above it, with a smooth ramp `soft` wide."""
    ramp = np.clip((field - edge) / max(soft, 1e-6) + 0.5, 0, 1)
    return (ramp * ramp * (3 - 2 * ramp)).astype(np.float32)


def mix(under: Picture | Colors, over: Picture | Colors, cover: Field) -> Picture:
    """`over` laid on `under` where `cover` (H W) is 1."""
    return (under + (over - under) * cover[..., None]).astype(np.float32)


def ramp(colors: Colors, tone: Field) -> Picture:
    """A tone in [0, 1] as a smooth walk through the colours."""
    place = np.clip(tone, 0, 1) * (len(colors) - 1)
    low = np.minimum(place.astype(np.int32), len(colors) - 2)
    return mix(colors[low], colors[low + 1], (place - low).astype(np.float32))


def light(height: Field, strength: float) -> Field:
    """Shading of a relief lit from the upper left, around 0."""
    rows, columns = np.gradient(height)
    return np.asarray(np.tanh((rows + columns) * strength), np.float32)


def grain(rng: Random, size: int, amount: float) -> Picture:
    """Fine grey grain around 0, H W 1 for adding to a picture."""
    fine = rng.normal(0, amount, (size, size))
    return np.asarray((0.6 * fine + ndimage.gaussian_filter(fine, 1.0))[..., None], np.float32)


def edges(labels: Labels) -> NDArray[np.bool_]:
    """True where a region meets another one."""
    found = np.zeros(labels.shape, np.bool_)
    found[1:] |= labels[1:] != labels[:-1]
    found[:, 1:] |= labels[:, 1:] != labels[:, :-1]
    return found


def depth(labels: Labels) -> Field:
    """Distance in pixels to the nearest border between regions."""
    return np.asarray(ndimage.distance_transform_edt(~edges(labels)), np.float32)


@dataclass(frozen=True)
class Marks:
    """Many marks laid over each other: which one is on top, and where in it a pixel lies.

    `top` is the index of the mark (-1: bare ground); `along` and `across` run from -1 to 1.
    """

    top: Labels
    along: Field
    across: Field


def lay_marks(
    size: int,
    centers: NDArray[np.floating],  # N 2, rows and columns in pixels
    angles: NDArray[np.floating],  # N
    lengths: NDArray[np.floating],  # N, whole length
    widths: NDArray[np.floating],  # N, whole width
    corners: NDArray[np.floating] | None = None,  # K 2, outline in (along, across)
) -> Marks:
    """Paint oriented marks in order; later ones cover earlier ones."""
    if corners is None:
        corners = np.array([[-1, -0.6], [-0.8, -1], [0.7, -1], [1, -0.3], [0.9, 1], [-0.7, 1]])
    cosine, sine = np.cos(angles), np.sin(angles)
    u = corners[:, 0][None] * lengths[:, None] / 2
    v = corners[:, 1][None] * widths[:, None] / 2
    columns = centers[:, 1:] + u * cosine[:, None] - v * sine[:, None]
    rows = centers[:, :1] + u * sine[:, None] + v * cosine[:, None]
    canvas = Image.new("I", (size, size), -1)
    pen = ImageDraw.Draw(canvas)
    outlines = np.stack((columns, rows), -1).reshape(len(centers), -1).tolist()
    for index, outline in enumerate(outlines):
        pen.polygon(outline, fill=index)
    top = np.asarray(canvas, np.int32)
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    y, x = y - centers[top, 0], x - centers[top, 1]
    along = (x * cosine[top] + y * sine[top]) / (lengths[top] / 2)
    across = (y * cosine[top] - x * sine[top]) / (widths[top] / 2)
    return Marks(top, along.astype(np.float32), across.astype(np.float32))


def scatter(rng: Random, size: int, spacing: float) -> NDArray[np.float64]:
    """Points about `spacing` apart on a jittered grid, shuffled, past the borders too (N 2)."""
    count = int(size / spacing) + 3
    rows, columns = np.mgrid[0:count, 0:count].astype(np.float64) - 1
    columns += (rows % 2) / 2
    points = np.stack((rows, columns), -1).reshape(-1, 2)
    points = (points + rng.uniform(0.05, 0.95, points.shape)) * spacing
    return rng.permutation(points)


def pick(field: Field | Picture, points: NDArray[np.floating]) -> NDArray[np.float32]:
    """Values of a field (H W or H W 3) under points (N 2)."""
    place = np.clip(points.astype(np.int32), 0, len(field) - 1)
    return field[place[:, 0], place[:, 1]]


def cells(size: int, points: NDArray[np.floating]) -> tuple[Labels, Field]:
    """Voronoi cells of the points: the nearest point, and the distance to the border in pixels."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32)
    distance, index = cKDTree(points).query(np.stack((y, x), -1).reshape(-1, 2), k=2)
    first, second = points[index[:, 0]], points[index[:, 1]]
    gap = np.maximum(np.hypot(*(first - second).T), 1e-6)
    border = (distance[:, 1] ** 2 - distance[:, 0] ** 2) / (2 * gap)
    return (
        index[:, 0].reshape(size, size).astype(np.int32),
        border.reshape(size, size).astype(np.float32),
    )
