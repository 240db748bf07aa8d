"""Directories of tags come back as they were written."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import TiffImagePlugin

from impasto.images.tags import (
    ASCII,
    DETAILS,
    LONG,
    SHORT,
    Tag,
    directories,
    numbers,
    rational,
    read_tags,
)

TAGS = [numbers(256, LONG, 70_000), numbers(258, SHORT, 8, 8, 8), Tag(271, ASCII, b"Canon\0")]


@pytest.mark.parametrize("start", [0, 8, 1000])
def test_what_is_written_is_read(start: int) -> None:
    data = b"\xff" * start + directories(reversed(TAGS), [Tag(42036, ASCII, b"Lens\0")], start)
    found = list(read_tags(data, start, "<", range(65_536)))
    assert found[:-1] == TAGS and found[-1].number == DETAILS
    (place,) = struct.unpack("<L", found[-1].data)
    assert list(read_tags(data, place, "<", [42036])) == [Tag(42036, ASCII, b"Lens\0")]


@pytest.mark.parametrize("big", [False, True])
def test_other_software_reads_it(big: bool) -> None:
    head = b"II\x2b\0\x08\0\0\0" if big else b"II\x2a\0"
    head += struct.pack("<Q" if big else "<L", 16 if big else 8)
    data = head + directories([*TAGS, rational(282, 72.5)], [], len(head), big=big)
    found = TiffImagePlugin.ImageFileDirectory_v2(head)
    import io

    file = io.BytesIO(data)
    file.seek(len(head))
    found.load(file)
    assert (found[256], found[258], found[271]) == (70_000, (8, 8, 8), "Canon")
    assert found[282] == 72.5


@given(st.floats(1e-3, 1e5))
def test_fractions_are_close(value: float) -> None:
    above, below = struct.unpack("<LL", rational(282, value).data)
    assert abs(above / below - value) <= max(1e-4, value * 1e-4)


def test_long_tags_and_values_outside_the_data_are_left_out() -> None:
    data = directories([Tag(271, ASCII, b"x" * 1001), Tag(272, ASCII, b"y" * 900)], [], 0)
    assert [tag.number for tag in read_tags(data, 0, "<", (271, 272))] == [272]
    assert list(read_tags(data[:-1], 0, "<", (271, 272))) == []
