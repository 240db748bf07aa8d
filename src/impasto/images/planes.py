"""Read the TIFFs that Pillow cannot: floats, 16 bits in planes, grey with alpha in 16 bits."""

import importlib.util
import zlib
from typing import Any, BinaryIO

import numpy as np

from impasto.errors import PictureError
from impasto.images.deep import to_16, unmultiplied
from impasto.images.guard import check_size
from impasto.images.samples import Samples

_DEFLATE = (8, 32946)
_CODECS = (1, 5, 32773, *_DEFLATE)  # none, LZW, PackBits, Deflate
_WHITE_IS_ZERO, _RGB = 0, 2
_PREMULTIPLIED, _ALPHA = 1, 2
_PROFILE, _ORIENTATION = 34675, 274


def read_tiff(file: BinaryIO, name: str, max_pixels: int) -> tuple[Samples, dict[str, Any]]:
    """Return the first picture, uint16 H W C, grey or RGB and perhaps alpha; and its info.

    The info holds the keys that Pillow would give, and the orientation.

    Raises:
        PictureError: the layout is not read here, or needs imagecodecs.
        Exception: anything on damaged files; for use inside the guard.
    """
    from tifffile import TiffFile  # it takes a tenth of a second

    file.seek(0)
    with TiffFile(file) as tiff:
        page: Any = tiff.pages[0]
        check_size(name, page.imagelength, page.imagewidth, max_pixels)
        _check_layout(page, name)
        _check_bombs(page, file)
        samples = np.asarray(page.asarray()).reshape(page.shape)
        info = {"icc_profile": page.iccprofile, "dpi": page.get_resolution(unit="INCH")}
        orientation = page.tags.get(_ORIENTATION)
        info["orientation"] = 1 if orientation is None else orientation.value
        return _arranged(page, samples), info


def _check_layout(page: Any, name: str) -> None:
    grey = page.photometric in (0, 1) and page.samplesperpixel in (1, 2)
    color = page.photometric == _RGB and page.samplesperpixel >= 3
    if not (grey or color) or page.imagedepth > 1 or page.compression not in _CODECS:
        raise PictureError(
            f'"{name}" is a TIFF of a rare kind ({page.samplesperpixel} channels of '
            f"{page.bitspersample} bits). Save it as RGB of 16 bits without compression."
        )
    rare = page.compression == 5 or (page.predictor == 3 and page.compression != 1)
    if rare and importlib.util.find_spec("imagecodecs") is None:
        raise PictureError(
            f'"{name}" is a TIFF of a rare kind with LZW or a float predictor. Save it '
            "without compression, or install what reads it: pip install imagecodecs"
        )


def _check_bombs(page: Any, file: BinaryIO) -> None:
    """Refuse segments that inflate to more than their pixels need."""
    if page.compression not in _DEFLATE:
        return
    tile = page.tilewidth * page.tilelength if page.is_tiled else 0
    pixels = tile or page.imagewidth * min(page.rowsperstrip, page.imagelength)
    limit = pixels * page.samplesperpixel * page.dtype.itemsize
    for offset, count in zip(page.dataoffsets, page.databytecounts, strict=True):
        file.seek(offset)
        inflated = zlib.decompressobj().decompress(file.read(count), limit + 1)
        if len(inflated) > limit:
            raise ValueError("a segment is larger than it says")


def _arranged(page: Any, samples: Any) -> Samples:
    if samples.ndim == 2:
        samples = samples[..., None]
    elif page.planarconfig == 2:
        samples = np.moveaxis(samples, 0, -1)
    deep = to_16(samples)
    if page.photometric == _WHITE_IS_ZERO:
        deep[..., 0] = ~deep[..., 0]
    colors = 3 if page.photometric == _RGB else 1
    kind = next(iter(page.extrasamples), 0)
    if kind not in (_PREMULTIPLIED, _ALPHA):
        return np.ascontiguousarray(deep[..., :colors])  # channels that mean nothing here
    deep = np.ascontiguousarray(deep[..., : colors + 1])
    return unmultiplied(deep) if kind == _PREMULTIPLIED else deep
