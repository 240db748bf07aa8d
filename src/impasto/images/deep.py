"""Read 16 bits a sample with Pillow, exactly, although it keeps one byte of each in color.

Its raw modes say which byte: opened once it keeps the high bytes, opened again with the mode for
the other byte order the low ones.
"""

import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageFile

from impasto.images.samples import Samples, to_depth, to_samples

_OTHER_BYTE = {"16B": "16L", "16L": "16B", "16N": "16B" if sys.byteorder == "little" else "16L"}
_PLANAR, _BITS, _PHOTOMETRIC = 284, 258, 262  # tags of TIFF
_BLOCK = 1 << 24  # pixels that are copied at once


def is_deep(image: Image.Image) -> bool:
    """Tell whether a Pillow image, not loaded yet, has more than 8 bits a sample (not in CMYK)."""
    if image.mode.startswith(("I", "F")):
        return True
    return image.mode in ("RGB", "RGBA") and "16" in raw_mode(image)


def in_planes(image: Image.Image) -> bool:
    """Tell whether this is a TIFF of 16-bit channels one after the other, which Pillow garbles."""
    tags = getattr(image, "tag_v2", {})
    return tags.get(_PLANAR) == 2 and max(tags.get(_BITS, (8,))) > 8


def read_deep(image: Image.Image, again: Callable[[], Image.Image]) -> Samples:
    """Return the samples of the file, uint16, H W C: grey, grey and alpha, RGB or RGBA.

    Args:
        image: a deep image, not loaded yet.
        again: opens the same file once more.
    """
    if image.mode.startswith(("I", "F")):
        return _grey(image)[..., None]
    raw = raw_mode(image)
    if raw.startswith("LA"):
        return _grey_and_alpha(image)
    straight = raw.replace("RGBa", "RGBA")  # Pillow would divide by alpha in 8 bits
    samples = np.zeros((image.height, image.width, len(image.getbands())), np.uint16)
    _add(samples, again(), straight[:-3] + _OTHER_BYTE[straight[-3:]], shift=0)
    _add(samples, image, straight, shift=8)
    return unmultiplied(samples) if raw.startswith("RGBa") else samples


def _add(samples: Samples, image: Image.Image, raw_mode: str, shift: int) -> None:
    _set_raw_mode(image, raw_mode)
    for top, block in blocks(image):
        pixels = np.asarray(block)
        samples[top : top + len(pixels)] |= np.left_shift(pixels, shift, dtype=np.uint16)


def _grey_and_alpha(image: Image.Image) -> Samples:
    """Read a PNG of grey and alpha: its four bytes a pixel can pass for 8-bit RGBA."""
    _set_raw_mode(image, "RGBA")
    samples = np.empty((image.height, image.width, 2), np.uint16)
    for top, block in blocks(image):
        pixels = np.asarray(block)
        samples[top : top + len(pixels)] = np.ascontiguousarray(pixels).view(">u2")
    return samples


def raw_mode(image: Image.Image) -> str:
    """Return how a file's samples lie, as Pillow calls it: "RGB;16B"; empty once it is loaded."""
    if not isinstance(image, ImageFile.ImageFile) or not image.tile:
        return ""
    args = image.tile[0].args
    return str(args[0] if isinstance(args, tuple) else args)


def _set_raw_mode(image: Image.Image, raw: str) -> None:
    assert isinstance(image, ImageFile.ImageFile)
    image.tile = [
        tile._replace(args=(raw, *tile.args[1:]) if isinstance(tile.args, tuple) else raw)
        for tile in image.tile
    ]


def blocks(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Load the image and yield its rows in blocks, each with its top: small ones as one."""
    image.load()
    rows = max(1, _BLOCK // image.width)
    if rows >= image.height:
        yield 0, image
        return
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(top + rows, image.height)))


def _grey(image: Image.Image) -> Samples:
    values = np.asarray(image)
    if not image.mode.startswith("I;16"):
        return to_16(values)
    samples: Samples = values.astype(np.uint16)
    tags = getattr(image, "tag_v2", {})
    if max(tags.get(_BITS, (16,))) == 12:
        samples = samples * np.uint16(16) + samples // np.uint16(256)
    return ~samples if tags.get(_PHOTOMETRIC) == 0 else samples  # 0: black is the largest value


def to_16(values: npt.NDArray[Any]) -> Samples:
    """Return samples of any kind as uint16.

    White is the largest value of uint8 and uint16. Wider kinds do not say what white is: it is
    taken as the smallest of 1 (floats only), 255 (floats only), 65535 and the largest value that
    fits. What is negative, infinite or no number becomes black.
    """
    if values.dtype == np.uint8 or values.dtype == np.uint16:
        return to_depth(values, 16)
    floats = np.nan_to_num(values.astype(np.float32), nan=0, posinf=0, neginf=0).clip(0)
    peak = float(floats.max())
    whites = [1.0, 255.0] if np.issubdtype(values.dtype, np.floating) else []
    white = next(white for white in (*whites, 65535.0, peak) if peak <= white)
    return to_samples(floats / np.float32(white), 16)


def unmultiplied(samples: Samples) -> Samples:
    """Return uint16 samples whose colors were multiplied by their alpha, the last channel, without.

    >>> unmultiplied(np.array([[[300, 1000, 0, 32768]]], np.uint16)).tolist()
    [[[600, 2000, 0, 32768]]]
    """
    alpha = samples[..., -1:]
    colors = samples[..., :-1] / np.maximum(alpha, 1).astype(np.float32)
    return np.concatenate([to_samples(colors, 16), alpha], axis=-1)
