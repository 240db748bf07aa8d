"""Any bytes at all give a picture or one of our errors; nothing else, not even a warning."""

import io
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from impasto.errors import ImpastoError
from impasto.images.source import open_picture

_KINDS = ("JPEG", "PNG", "WEBP", "AVIF", "TIFF", "BMP", "GIF", "LZW", "LA", "MPO")


def _sample(kind: str) -> bytes:
    pixels = np.random.default_rng(1).integers(0, 256, (12, 16, 3), dtype=np.uint8)
    image = Image.fromarray(pixels)
    file = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    match kind:
        case "LZW":
            image.save(file, "TIFF", compression="tiff_lzw", exif=exif)
        case "LA":
            image.convert("LA").save(file, "PNG", exif=exif)
        case "BMP" | "GIF":
            image.save(file, kind)
        case "MPO":
            image.save(file, "MPO", save_all=True, append_images=[image])
        case _:
            image.save(file, kind, exif=exif)
    return file.getvalue()


_SAMPLES = {kind: _sample(kind) for kind in _KINDS}


def _opens_or_refuses(data: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            source = open_picture(data, max_pixels=100_000)
        except ImpastoError as error:
            assert "0x" not in str(error) and "\n" not in str(error)
        else:
            assert 0 < source.height * source.width <= 100_000
            assert source.thumbnail(8).shape[2] == 3


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(
    kind=st.sampled_from(_KINDS),
    edits=st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=4)), max_size=6),
    keep=st.floats(0.1, 3),
)
def test_changed_bytes(kind: str, edits: list[tuple[float, bytes]], keep: float) -> None:
    data = bytearray(_SAMPLES[kind])
    for place, value in edits:
        # Squared: most edits hit the header, where the decoders are fragile.
        at = int(place * place * (len(data) - len(value)))
        data[at : at + len(value)] = value
    _opens_or_refuses(bytes(data[: int(len(data) * min(keep, 1))]))


@settings(max_examples=100, deadline=None, derandomize=True, database=None)
@given(kind=st.sampled_from(_KINDS), tail=st.binary(max_size=200), head=st.integers(2, 40))
def test_nonsense_behind_a_right_beginning(kind: str, tail: bytes, head: int) -> None:
    _opens_or_refuses(_SAMPLES[kind][:head] + tail)


def test_broken_tiffs_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    data = _SAMPLES["LZW"]
    for at in range(8, len(data), 7):
        _opens_or_refuses(data[:at] + b"\xff\xff" + data[at + 2 :])
        _opens_or_refuses(data[:at])
    assert capfd.readouterr() == ("", "")
