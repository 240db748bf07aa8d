"""Tags: the directories that TIFF files and EXIF are made of (TIFF 6.0, BigTIFF)."""

import struct
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from typing import NamedTuple

import numpy as np

BYTE, ASCII, SHORT, LONG, RATIONAL, UNDEFINED, LONG8 = 1, 2, 3, 4, 5, 7, 16
_WORDS = {1: 1, 2: 1, 3: 2, 4: 4, 5: 4, 6: 1, 7: 1, 8: 2, 9: 4, 10: 4, 11: 4, 12: 8, 13: 4, 16: 8}
_PAIRS = (5, 10)  # rationals are two words
DETAILS = 34665  # the tag that points to the directory of EXIF
LONGEST = 1000  # bytes of a tag that is read; JPEG holds no more than 64 KB of all


class Tag(NamedTuple):
    """One entry: its number, its type and its values in little endian."""

    number: int
    kind: int
    data: bytes


def numbers(number: int, kind: int, *values: int) -> Tag:
    """Return a tag of whole numbers: BYTE, SHORT, LONG or LONG8."""
    return Tag(number, kind, np.array(values, f"<u{_WORDS[kind]}").tobytes())


def rational(number: int, value: float) -> Tag:
    """Return a tag of one positive fraction."""
    fraction = Fraction(min(max(value, 1e-4), 4e5)).limit_denominator(10_000)
    return Tag(number, RATIONAL, struct.pack("<LL", fraction.numerator, fraction.denominator))


def read_tags(data: bytes, start: int, order: str, wanted: Collection[int]) -> Iterator[Tag]:
    """Yield the wanted, sound and short tags of the directory at `start`.

    Args:
        order: ``<`` or ``>``, how the data is written.

    Raises:
        struct.error: the directory is not inside the data.
    """
    (count,) = struct.unpack_from(order + "H", data, start)
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        number, kind, many = struct.unpack_from(order + "HHL", data, entry)
        word = _WORDS.get(kind, 0)
        size = word * many * (2 if kind in _PAIRS else 1)
        if number not in wanted or not 0 < size <= LONGEST:
            continue
        place = entry + 8 if size <= 4 else struct.unpack_from(order + "L", data, entry + 8)[0]
        if len(values := data[place : place + size]) == size:
            yield Tag(number, kind, _swapped(values, order, word))


def _swapped(values: bytes, order: str, word: int) -> bytes:
    return np.frombuffer(values, f"{order}u{word}").astype(f"<u{word}").tobytes()


def directories(
    tags: Iterable[Tag], details: Iterable[Tag], start: int, *, big: bool = False
) -> bytes:
    """Return a directory and, where there are any details, the one of EXIF that it points to.

    Args:
        start: where in the file the bytes will lie; even.
        big: for BigTIFF, with offsets of 64 bits.
    """
    tags, details = list(tags), list(details)
    if not details:
        return _directory(tags, start, big)
    kind = LONG8 if big else LONG
    size = len(_directory([*tags, numbers(DETAILS, kind, 0)], start, big))
    first = _directory([*tags, numbers(DETAILS, kind, start + size)], start, big)
    return first + _directory(details, start + size, big)


def _directory(tags: Iterable[Tag], start: int, big: bool) -> bytes:
    count, entry, offset = ("<Q", "<HHQ", "<Q") if big else ("<H", "<HHL", "<L")
    room = struct.calcsize(offset)  # bytes that fit into the entry itself
    tags = sorted(tags)
    table, beyond = struct.pack(count, len(tags)), b""
    start += len(table) + len(tags) * (struct.calcsize(entry) + room) + room
    for number, kind, data in tags:
        many = len(data) // (_WORDS[kind] * (2 if kind in _PAIRS else 1))
        table += struct.pack(entry, number, kind, many)
        if len(data) <= room:
            table += data.ljust(room, b"\0")
        else:
            table += struct.pack(offset, start + len(beyond))
            beyond += data + b"\0" * (len(data) % 2)
    return table + b"\0" * room + beyond  # no directory follows
