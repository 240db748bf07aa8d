"""Write TIFF strip by strip, 8 or 16 bits (TIFF 6.0, BigTIFF), which Pillow cannot."""

import struct
import zlib
from collections.abc import Iterable
from typing import BinaryIO

import numpy as np

from impasto.images.metadata import Metadata, exif_tags, resolution_tags
from impasto.images.rows import Layout, in_order, regroup
from impasto.images.samples import Samples
from impasto.images.tags import BYTE, LONG, LONG8, SHORT, UNDEFINED, Tag, directories, numbers

_BIG = 4_000_000_000  # bytes of pixels from which on offsets need 64 bits
_DEFLATE, _RGB, _TOGETHER, _HORIZONTAL, _STRAIGHT_ALPHA = 8, 2, 1, 2, 2


def write_tiff(
    file: BinaryIO,
    parts: Iterable[Samples],
    layout: Layout,
    *,
    profile: bytes,
    xmp: bytes | None,
    kept: Metadata,
) -> None:
    """Write rows of h W C, in order, as TIFF to the beginning of a file that can seek.

    Args:
        profile: the ICC profile to embed.
        xmp: a packet, UTF-8.
        kept: its resolution and EXIF are written.
    """
    big = layout.height * layout.row_bytes > _BIG
    file.write(b"\0" * 16)  # the head, which names the place of the directory, is known last
    offsets, sizes = [], []
    # Differences are new memory; what a giver of rows uses again must not wait for a thread.
    for data in in_order(_deflate, map(_differences, regroup(parts, layout.block_rows))):
        offsets.append(file.tell())
        sizes.append(len(data))
        file.write(data + b"\0" * (len(data) % 2))
    offset = LONG8 if big else LONG
    tags = [*_description(layout), numbers(273, offset, *offsets), numbers(279, offset, *sizes)]
    tags += [Tag(34675, UNDEFINED, profile), *([Tag(700, BYTE, xmp)] if xmp else [])]
    tags += resolution_tags(kept.dpi)
    plain, details = exif_tags(kept.exif)
    start = file.tell()
    file.write(directories([*tags, *plain], details, start, big=big))
    file.seek(0)
    if big:
        file.write(struct.pack("<2sHHHQ", b"II", 43, 8, 0, start))
    else:
        file.write(struct.pack("<2sHL", b"II", 42, start))


def _description(layout: Layout) -> list[Tag]:
    """Return the tags that say how the pixels are stored."""
    alpha = [numbers(338, SHORT, _STRAIGHT_ALPHA)] if layout.channels == 4 else []
    return [
        numbers(256, LONG, layout.width),
        numbers(257, LONG, layout.height),
        numbers(258, SHORT, *[layout.depth] * layout.channels),
        numbers(259, SHORT, _DEFLATE),
        numbers(262, SHORT, _RGB),
        numbers(274, SHORT, 1),  # upright
        numbers(277, SHORT, layout.channels),
        numbers(278, LONG, layout.block_rows),
        numbers(284, SHORT, _TOGETHER),
        numbers(317, SHORT, _HORIZONTAL),
        *alpha,
    ]


def _differences(block: Samples) -> Samples:
    """Return a strip in the file's order of bytes: each sample less the one to its left."""
    rows = np.array(block, block.dtype.newbyteorder("<"), order="C")
    rows[:, 1:] -= block[:, :-1]
    return rows


def _deflate(rows: Samples) -> bytes:
    return zlib.compress(rows.data, 1)
