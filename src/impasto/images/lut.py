"""Three-dimensional look-up tables of colors, and their files (``.cube``, Adobe 2013)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from impasto.errors import PictureError
from impasto.images.color import FloatArray

SIZE = 33  # nodes a side, as grading programs like it: 32 steps between 0 and 1
_BLOCK = 1 << 15  # colors looked up at once: what fits into the cache

# The channel with the largest and smallest remainder, by the bits r >= g, g >= b, r >= b.
_LARGEST = np.array([2, 2, 1, 1, 2, 0, 2, 0])
_SMALLEST = np.array([0, 0, 0, 2, 1, 1, 1, 2])


@dataclass(frozen=True, eq=False)
class Lut:
    """A function of colors, known on a grid and interpolated between; sRGB in and out, [0, 1]."""

    table: FloatArray  # N N N 3, indexed by blue, green, red, as the file is ordered

    @classmethod
    def bake(cls, function: Callable[[FloatArray], FloatArray], size: int = SIZE) -> "Lut":
        """Return the table of a function that maps colors, ... 3, to colors."""
        axis = np.linspace(0, 1, size, dtype=np.float32)
        blue, green, red = np.meshgrid(axis, axis, axis, indexing="ij")
        grid = np.stack([red, green, blue], axis=-1)
        return cls(np.asarray(np.clip(function(grid), 0, 1), np.float32))

    def __call__(self, rgb: FloatArray) -> FloatArray:
        """Return looked-up colors, float32 ... 3; each stands alone, so tiles equal the whole."""
        flat = np.ascontiguousarray(rgb, np.float32).reshape(-1, 3)
        result = np.empty_like(flat)
        for start in range(0, len(flat), _BLOCK):
            result[start : start + _BLOCK] = self._look_up(flat[start : start + _BLOCK])
        return result.reshape(rgb.shape)

    def _look_up(self, rgb: FloatArray) -> FloatArray:
        """Interpolate in the tetrahedron around each color: greys stay on the line of greys.

        Its corners are reached from the lowest corner of the cell by stepping along the channels,
        the largest remainder first (Kasson et al. 1995).
        """
        size = len(self.table)
        steps = np.array([1, size, size * size], np.int32)  # to the next node in red, green, blue
        scaled = np.ascontiguousarray(np.clip(rgb, 0, 1).T) * np.float32(size - 1)
        cell = np.minimum(scaled.astype(np.int32), size - 2)
        r, g, b = scaled - cell.astype(np.float32)
        order = (r >= g) * np.uint8(4) + (g >= b) * np.uint8(2) + (r >= b)
        low, high = np.minimum(np.minimum(r, g), b), np.maximum(np.maximum(r, g), b)
        middle = np.maximum(np.minimum(r, g), np.minimum(np.maximum(r, g), b))
        base = cell[0] + cell[1] * steps[1] + cell[2] * steps[2]
        top = base + steps.sum(dtype=np.int32)
        corners = [
            (base, 1 - high),
            (base + steps[_LARGEST].take(order), high - middle),
            (top - steps[_SMALLEST].take(order), middle - low),
            (top, low),
        ]
        nodes = self.table.reshape(-1, 3)
        parts = [nodes.take(index, axis=0) * weight[:, None] for index, weight in corners]
        return np.asarray(parts[0] + parts[1] + parts[2] + parts[3])

    def to_cube(self, title: str) -> str:
        """Return the text of a ``.cube`` file, which grading and video programs read."""
        size = len(self.table)
        named = "".join(c for c in title if c.isascii() and c.isprintable() and c != '"')
        head = [
            f'TITLE "{named}"',
            f"LUT_3D_SIZE {size}",
            "DOMAIN_MIN 0.0 0.0 0.0",
            "DOMAIN_MAX 1.0 1.0 1.0",
        ]
        rows = [f"{r:.6f} {g:.6f} {b:.6f}" for r, g, b in self.table.reshape(-1, 3).tolist()]
        return "\n".join([*head, *rows]) + "\n"

    @classmethod
    def from_cube(cls, text: str) -> "Lut":
        """Return the table of a ``.cube`` text; raise PictureError for what is not one.

        One-dimensional tables and domains other than [0, 1] are refused.
        """
        size, rows = 0, []
        for number, words in _lines(text):
            try:
                if words[0] == "LUT_3D_SIZE":
                    size = int(words[1])
                elif (
                    words[0] in _DOMAIN and [float(word) for word in words[1:]] != _DOMAIN[words[0]]
                ):
                    raise _unreadable(number, "only tables from 0 to 1 can be read")
                elif words[0][0] in "+-.0123456789":
                    rows.append(_color(words))
                elif words[0] not in _KNOWN:
                    raise _unreadable(number, f'"{words[0]}" is unknown here')
            except (ValueError, IndexError) as error:
                raise _unreadable(number, "numbers are missing or wrong") from error
        if not 2 <= size <= 256 or len(rows) != size**3:
            raise PictureError(
                f"The look-up table has {len(rows):,} colors; it says LUT_3D_SIZE {size}, "
                "which means the cube of that. Export it again, with three dimensions."
            )
        return cls(np.array(rows, np.float32).reshape(size, size, size, 3))


_DOMAIN = {"DOMAIN_MIN": [0.0] * 3, "DOMAIN_MAX": [1.0] * 3}
_KNOWN = {"TITLE", *_DOMAIN}


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), start=1):
        words = line.split()
        if words and not words[0].startswith("#"):
            yield number, words


def _color(words: list[str]) -> tuple[float, float, float]:
    red, green, blue = map(float, words)
    if max(abs(red), abs(green), abs(blue)) > 1e6:
        raise ValueError
    return red, green, blue


def _unreadable(number: int, reason: str) -> PictureError:
    return PictureError(
        f"Line {number} of the look-up table cannot be read: {reason}. Give a .cube of 3-D."
    )
