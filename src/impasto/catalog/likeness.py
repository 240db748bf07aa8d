"""Which pictures look the same: by a hash that re-encoding and resizing hardly change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.fft import dctn

from impasto.images.resize import FloatPicture, resize

_SIDE = 32  # of the picture that is hashed
_LOW = 8  # lowest frequencies each way: 64 bits
_TILES = 8  # a look has 8 x 8 of them
_BLOCK = 64  # pictures compared with all others at once: what fits the cache


@dataclass(frozen=True)
class Look:
    """How a picture looks, in 200 bytes."""

    bits: int  # the perceptual hash, 64 bits
    tiles: bytes  # 8 x 8 x 3 uint8: its colors

    def like(self, other: "Look", tolerance: float = 12) -> bool:
        """Tell whether the colors agree too, to so many of 255 on average."""
        ours, theirs = (np.frombuffer(one.tiles, np.uint8).astype(int) for one in (self, other))
        return float(np.abs(ours - theirs).mean()) <= tolerance


def look_at(rgb: FloatPicture) -> Look:
    """Return the look of a picture, float32 H W 3 in [0, 1]; a thumbnail is enough.

    The bits are those of Zauner's pHash (2010): which of the lowest frequencies of the discrete
    cosine transform are above their median.
    """
    small = resize(rgb, _SIDE, _SIDE)
    low = dctn(small @ np.array([0.299, 0.587, 0.114], np.float32), norm="ortho")[:_LOW, :_LOW]
    above = (low > np.median(low.ravel()[1:])).ravel()
    above[0] = False  # the mean, which says nothing of shapes
    step = _SIDE // _TILES
    tiles = small.reshape(_TILES, step, _TILES, step, 3).mean(axis=(1, 3))
    return Look(
        int.from_bytes(np.packbits(above).tobytes()), np.rint(tiles * 255).astype("u1").tobytes()
    )


def alike(looks: Sequence[Look], bits: int) -> Iterator[tuple[int, int]]:
    """Give the pairs (i, j), i < j, of pictures that look the same, in order.

    All pairs are compared, which takes about a second for 10,000 pictures.

    Args:
        bits: in which the hashes may differ, of 64.
    """
    hashes: npt.NDArray[np.uint64] = np.array([look.bits for look in looks], np.uint64)
    for top in range(0, len(hashes), _BLOCK):
        rows = hashes[top : top + _BLOCK, None]
        near = np.bitwise_count(rows ^ hashes[None, top:]) <= bits
        for row, column in np.argwhere(np.triu(near, 1)):
            i, j = top + int(row), top + int(column)
            if looks[i].like(looks[j]):
                yield i, j
