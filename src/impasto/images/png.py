"""Write PNG row by row, 8 or 16 bits (W3C PNG, third edition), which Pillow cannot.

The rows are compressed in blocks that know nothing of each other, on several cores; deflate
allows to put such blocks one behind the other.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator
from typing import BinaryIO

import numpy as np
import numpy.typing as npt

from impasto.images.metadata import Metadata, exif_of
from impasto.images.rows import Layout, in_order, regroup
from impasto.images.samples import Samples

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ZLIB_HEAD = b"\x78\x01"  # deflate, a window of 32 KB, compressed fast
_LAST_BLOCK = b"\x03\x00"  # an empty deflate block, marked as the last
_UP = 2  # the filter: paintings get as small by it as by trying all five, at half the time
_INCH = 0.0254


def write_png(
    file: BinaryIO,
    parts: Iterable[Samples],
    layout: Layout,
    *,
    profile: bytes,
    xmp: bytes | None,
    kept: Metadata,
) -> None:
    """Write rows of h W C, in order, as PNG; the file need not be able to seek.

    Args:
        profile: the ICC profile to embed.
        xmp: a packet, UTF-8.
        kept: its resolution and EXIF are written.
    """
    kind = {3: 2, 4: 6}[layout.channels]
    head = struct.pack(">LLBBBBB", layout.width, layout.height, layout.depth, kind, 0, 0, 0)
    file.write(_SIGNATURE + _chunk(b"IHDR", head))
    file.write(_chunk(b"iCCP", b"ICC profile\0\0" + zlib.compress(profile)))
    if kept.dpi is not None:
        across, down = (min(max(round(dpi / _INCH), 1), 2**31 - 1) for dpi in kept.dpi)
        file.write(_chunk(b"pHYs", struct.pack(">LLB", across, down, 1)))
    if xmp:
        file.write(_chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp))
    if exif := exif_of(kept):
        file.write(_chunk(b"eXIf", exif.removeprefix(b"Exif\0\0")))
    for data in _deflated(parts, layout):
        file.write(_chunk(b"IDAT", data))
    file.write(_chunk(b"IEND", b""))


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))


def _deflated(parts: Iterable[Samples], layout: Layout) -> Iterator[bytes]:
    """Yield the zlib stream of all rows in pieces."""
    check = 1  # Adler-32 of everything

    def filtered() -> Iterator[npt.NDArray[np.uint8]]:
        nonlocal check
        for rows in _filtered(parts, layout):
            check = zlib.adler32(rows.data, check)
            yield rows

    yield _ZLIB_HEAD
    yield from in_order(_deflate, filtered())
    yield _LAST_BLOCK + struct.pack(">L", check)


def _filtered(parts: Iterable[Samples], layout: Layout) -> Iterator[npt.NDArray[np.uint8]]:
    """Yield blocks of rows, each row less the one above it, behind the number of this filter."""
    above = np.zeros((1, layout.row_bytes), np.uint8)
    for block in regroup(parts, layout.block_rows):
        big_endian = np.ascontiguousarray(block, block.dtype.newbyteorder(">"))
        rows = big_endian.view(np.uint8).reshape(len(block), layout.row_bytes)
        result = np.empty((len(rows), 1 + layout.row_bytes), np.uint8)
        result[:, 0] = _UP
        np.subtract(rows[:1], above, out=result[:1, 1:])
        np.subtract(rows[1:], rows[:-1], out=result[1:, 1:])
        above = rows[-1:].copy()
        yield result


def _deflate(rows: npt.NDArray[np.uint8]) -> bytes:
    """Return one block, ended on a byte and without reference to what came before."""
    stream = zlib.compressobj(level=1, wbits=-zlib.MAX_WBITS, memLevel=9)
    return stream.compress(rows.data) + stream.flush(zlib.Z_FULL_FLUSH)
