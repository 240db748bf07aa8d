"""Color profiles at 16 bits: the curves and matrix of an ICC profile, computed exactly.

Little CMS works on 8 bits here, which would leave bands in a smooth sky.
"""

import struct
from functools import lru_cache
from itertools import product

import numpy as np
import numpy.typing as npt
from PIL import Image

from impasto.images.color import linear_to_srgb
from impasto.images.profiles import is_srgb, mode_of, srgb_profile, to_srgb
from impasto.images.samples import Samples, to_samples

_Table = npt.NDArray[np.float32]  # a value for each of 65,536
_Curve = npt.NDArray[np.float64]
_ROWS = 128  # converted at once: floats take four times the place
_NODES = 52  # a side of the grid; 255 / 51 = 5, so every node is a whole 8-bit value
_PARAMETERS = (1, 3, 4, 5, 7)  # of the function types 0 to 4 of a "para" curve


def deep_to_srgb(samples: Samples, profile: bytes | None) -> Samples:
    """Return uint16 samples, grey H W 1 or color H W 3, as sRGB H W 3 by their ICC profile.

    Profiles of curves and a matrix (Adobe RGB, Display P3, cameras, greys) are computed in
    floats; those of tables are looked up in a grid of 52 x 52 x 52 and interpolated between.
    As in 8 bits, profiles that are broken or made for other channels are ignored.
    """
    grey = samples.shape[2] == 1
    if grey and mode_of(profile) == "L":
        table = _encoded(_curve(profile or b"", b"kTRC"))
        return np.repeat(samples if table is None else table[samples], 3, axis=2)
    rgb = np.repeat(samples, 3, axis=2) if grey else samples
    if not profile or is_srgb(profile) or mode_of(profile) != "RGB":
        return rgb
    result = np.empty_like(rgb)
    for top in range(0, rgb.shape[0], _ROWS):
        result[top : top + _ROWS] = _convert(rgb[top : top + _ROWS], profile)
    return result


def _convert(rgb: Samples, profile: bytes) -> Samples:
    by_matrix = _curves_and_matrix(profile)
    if by_matrix is None:
        return to_samples(_through_grid(rgb, _grid(profile)), 16)
    curves, matrix = by_matrix
    linear = np.stack([curve[rgb[..., i]] for i, curve in enumerate(curves)], axis=-1)
    return to_samples(linear_to_srgb((linear @ matrix).clip(0, 1)), 16)


@lru_cache(maxsize=4)
def _curves_and_matrix(profile: bytes) -> tuple[list[_Table], _Table] | None:
    """Return what makes linear sRGB of samples: a table for each channel, then rows @ matrix."""
    curves = [_curve(profile, name) for name in (b"rTRC", b"gTRC", b"bTRC")]
    ours, theirs = _colorants(srgb_profile()), _colorants(profile)
    sound = [curve for curve in curves if curve is not None]
    # A profile with tables means them to be used; its matrix is for simple programs.
    if len(sound) < 3 or ours is None or theirs is None or _tag(profile, b"A2B0"):
        return None
    return sound, np.asarray(theirs @ np.linalg.inv(ours), np.float32)


def _colorants(profile: bytes) -> npt.NDArray[np.float64] | None:
    tags = [_tag(profile, name)[8:20] for name in (b"rXYZ", b"gXYZ", b"bXYZ")]
    if any(len(tag) < 12 for tag in tags):
        return None
    return np.array([struct.unpack(">3i", tag) for tag in tags]) / 65536


def _tag(profile: bytes, name: bytes) -> bytes:
    """Return the data of a tag; empty where it is missing."""
    count = int.from_bytes(profile[128:132], "big")
    for at in range(132, min(132 + 12 * count, len(profile) - 11), 12):
        if profile[at : at + 4] == name:
            start, size = struct.unpack(">2I", profile[at + 4 : at + 12])
            return profile[start : start + size]
    return b""


def _curve(profile: bytes, name: bytes) -> _Table | None:
    """Return the linear light of each of the 65,536 values; None for a broken curve."""
    tag = _tag(profile, name)
    shape = {b"curv": _listed, b"para": _parametric}.get(tag[:4])
    try:
        with np.errstate(all="ignore"):  # a hostile curve may divide by zero
            curve = shape(tag, np.linspace(0, 1, 65536)) if shape else np.full(1, np.nan)
    except (struct.error, ValueError, ZeroDivisionError):
        return None
    return curve.clip(0, 1).astype(np.float32) if np.isfinite(curve).all() else None


def _listed(tag: bytes, x: _Curve) -> _Curve:
    (count,) = struct.unpack(">I", tag[8:12])
    if count == 0:
        return x
    points = np.frombuffer(tag, ">u2", count, 12).astype(np.float64)
    if count == 1:
        return np.asarray(x ** (points[0] / 256), np.float64)
    return np.asarray(np.interp(x, np.linspace(0, 1, count), points / 65535), np.float64)


def _parametric(tag: bytes, x: _Curve) -> _Curve:
    """Evaluate a parametric curve (ICC.1:2022, table 68)."""
    kind = int.from_bytes(tag[8:10], "big")
    if kind >= len(_PARAMETERS):
        raise ValueError("no such function")
    read = [v / 65536 for v in struct.unpack_from(f">{_PARAMETERS[kind]}i", tag, 12)]
    g, a, b, c, d, e, f = [*read, *[0.0] * 7][:7]
    if kind == 0:
        return np.asarray(x**g, np.float64)
    if kind in (1, 2):  # (ax + b)^g + c where x >= -b / a, else c
        c, d, e, f = 0.0, -b / a, c, c
    power = np.maximum(a * x + b, 0) ** g + e
    return np.asarray(np.where(x >= d, power, c * x + f), np.float64)


def _encoded(linear: _Table | None) -> Samples | None:
    return None if linear is None else to_samples(linear_to_srgb(linear), 16)


@lru_cache(maxsize=1)
def _grid(profile: bytes) -> npt.NDArray[np.float32]:
    """Return sRGB in [0, 1] at every node, nodes nodes nodes 3."""
    steps = np.arange(_NODES, dtype=np.uint8) * np.uint8(255 // (_NODES - 1))
    nodes = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1)
    image = Image.fromarray(nodes.reshape(_NODES, _NODES**2, 3))
    values = np.asarray(to_srgb(image, profile), np.float32) / np.float32(255)
    return values.reshape(*nodes.shape)


def _through_grid(rgb: Samples, grid: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Interpolate linearly between the eight nodes around each color."""
    place = rgb * np.float32((_NODES - 1) / 65535)
    low = np.minimum(place.astype(np.intp), _NODES - 2)
    share = place - low
    result = np.zeros(rgb.shape, np.float32)
    for corner in product((0, 1), repeat=3):
        weight = np.where(corner, share, 1 - share).prod(axis=-1, keepdims=True)
        r, g, b = np.moveaxis(low + corner, -1, 0)
        result += weight * grid[r, g, b]
    return result
