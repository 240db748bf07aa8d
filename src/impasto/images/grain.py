"""Grain too fine to be seen, which gives a network something to paint where a picture is flat.

In a clear sky, drawn or freed of noise, nothing changes for many pixels and then everything by one
step of 8 bits. A network for photographs sees edges there, and paints a sky of scan lines.
"""

import numpy as np
import numpy.typing as npt

MOST = 1 / 255  # one step of 8 bits

_BLOCK = 1 << 16  # pixels that are made at once: what fits into the cache
_FACTORS = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35)  # MurmurHash3's

Numbers = npt.NDArray[np.uint32]


def add_grain(planes: npt.NDArray[np.float32], top: int, left: int) -> None:
    """Add noise in [-1/255, 1/255] to planes (... H W), in place, the same to all of them.

    It belongs to the places of a picture, of which `top` and `left` are the first: windows agree.
    """
    height, width = planes.shape[-2:]
    rows = _mixed(np.arange(top, top + height, dtype=np.uint32))
    columns = _mixed(np.arange(left, left + width, dtype=np.uint32) + np.uint32(1 << 31))
    step = max(1, _BLOCK // width)
    for start in range(0, height, step):
        part = slice(start, start + step)
        bits = _mixed(rows[part, None] ^ columns)
        noise = bits.view(np.int32).astype(np.float32)
        noise *= np.float32(MOST / 2**31)
        planes[..., part, :] += noise


def _mixed(bits: Numbers) -> Numbers:
    """Return numbers whose high bits hang on all bits, in place."""
    bits *= _FACTORS[0]
    bits ^= bits >> np.uint32(15)
    bits *= _FACTORS[1]
    return bits
