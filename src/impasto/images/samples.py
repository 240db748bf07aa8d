"""Samples: pixels as files hold them, uint8 or uint16; to floats in [0, 1] and back."""

from typing import Any

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.unsignedinteger[Any]]  # uint8 or uint16
Floats = npt.NDArray[np.float32]

DEPTHS = (8, 16)

_BLOCK = 1 << 17  # values converted at once


def depth_of(samples: Samples) -> int:
    """Return the bits of a sample, 8 or 16.

    >>> depth_of(np.zeros(1, np.uint16))
    16
    """
    return 8 * samples.dtype.itemsize


def white_of(depth: int) -> int:
    """Return the largest value of a depth.

    >>> white_of(8), white_of(16)
    (255, 65535)
    """
    return (1 << depth) - 1


def to_floats(samples: Samples) -> Floats:
    """Return samples as float32 in [0, 1]."""
    # Dividing rounds once; a product with 1/65535 would not give all values back.
    return samples.astype(np.float32) / np.float32(white_of(depth_of(samples)))


def to_samples(floats: npt.NDArray[np.floating[Any]], depth: int) -> Samples:
    """Return floats as the nearest samples; values outside [0, 1] are clipped.

    >>> to_samples(np.array([0.0, 0.5, 2.0]), 8).tolist()
    [0, 128, 255]
    """
    kind = np.uint8 if depth == 8 else np.uint16
    white = np.float32(white_of(depth))
    result: Samples = np.empty(floats.shape, kind)
    rows = max(1, _BLOCK // max(1, floats[:1].size))
    for top in range(0, len(floats), rows):  # in blocks that fit the cache
        block = np.multiply(floats[top : top + rows], white)
        np.rint(block, out=block)
        result[top : top + rows] = np.clip(block, 0, white, out=block)
    return result


def to_depth(samples: Samples, depth: int) -> Samples:
    """Return samples at another depth; 8 to 16 and back changes nothing.

    >>> to_depth(np.array([0, 1, 255], np.uint8), 16).tolist()
    [0, 257, 65535]
    """
    if depth_of(samples) == depth:
        return samples
    if depth == 16:
        return samples.astype(np.uint16) * np.uint16(257)
    return ((samples.astype(np.uint32) + 128) // 257).astype(np.uint8)
