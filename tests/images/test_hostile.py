"""Any bytes at all give a picture or one of our errors; nothing else, not even a warning."""

import io
import warnings
from collections.abc import Iterator
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from tests.images.test_deep import noise, png, tiff
from tests.images.test_gamut import GAMMA, profile

from impasto.errors import ImpastoError
from impasto.images.source import Source, open_picture
from impasto.images.strips import open_strips
from impasto.images.window import whole

LIMIT = 100_000  # pixels


def _samples() -> dict[str, bytes]:
    """Return one small file of every kind that a decoder treats in its own way."""
    image = Image.fromarray((noise(3, 12, 16) // 257).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6
    found = {}

    def add(name: str, image: Image.Image, kind: str, **options: object) -> None:
        file = io.BytesIO()
        image.save(file, kind, **options)
        found[name] = file.getvalue()

    for kind in ("JPEG", "PNG", "WEBP", "AVIF", "TIFF"):
        add(kind, image, kind, exif=exif)
    add("BMP", image, "BMP")
    add("GIF", image, "GIF")
    add("MPO", image, "MPO", save_all=True, append_images=[image])
    add("LZW", image, "TIFF", compression="tiff_lzw", exif=exif)
    add("LA", image.convert("LA"), "PNG", exif=exif)
    add("CMYK", image.convert("CMYK"), "TIFF")
    add("wide JPEG", image, "JPEG", icc_profile=profile(GAMMA))
    deep, icc = noise(3, 12, 16), [(34675, 7, None, profile(GAMMA), True)]
    return found | {
        "PNG 16": png(deep),
        "PNG 16 LA": png(noise(2, 12, 16)),
        "TIFF 16": tiff(deep, compression="zlib", predictor=True, extratags=icc),
        "TIFF 16 RGBA": tiff(noise(4, 12, 16)),
        "TIFF 16 planes": tiff(deep, planarconfig="separate", compression="zlib", extratags=icc),
        "TIFF floats": tiff((deep / 65535).astype(np.float32)),
    }


_SAMPLES = _samples()
_STREAMED = ("JPEG", "PNG", "TIFF", "LZW", "LA", "wide JPEG", "PNG 16", "TIFF 16", "TIFF 16 RGBA")


def _mutants(seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield damaged files without end: bytes changed, cut off, doubled or left out."""
    random = np.random.default_rng(seed)
    names = list(_SAMPLES)
    while True:
        name = names[random.integers(len(names))]
        data = bytearray(_SAMPLES[name])
        for _ in range(random.integers(1, 7)):
            # Squared: most edits hit the header, where the decoders are fragile.
            at = int(random.random() ** 2 * (len(data) - 4))
            match random.integers(8):
                case 0:
                    del data[at : at + random.integers(1, 9)]
                case 1:
                    data[at:at] = data[at : at + random.integers(1, 9)]
                case 2:
                    data[at : at + 4] = random.choice([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"])
                case 3:
                    data = data[: max(30, int(len(data) * random.random()))]
                case _:
                    data[at : at + 4] = random.bytes(int(random.integers(1, 5))) + data[at:at]
        yield name, bytes(data)


def _check(source: Source) -> None:
    height, width = source.height, source.width
    assert 0 < height * width <= LIMIT
    assert source.read(whole(height, width)).shape == (height, width, 3)
    assert source.thumbnail(8).shape[2] == 3


def _opens_or_refuses(data: bytes, path: Path | None = None) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            _check(open_picture(data, max_pixels=LIMIT, profile="srgb"))
        except ImpastoError as error:
            assert "0x" not in str(error) and "\n" not in str(error)
        if path is None:
            return
        path.write_bytes(data)
        try:
            strips = open_strips(path, LIMIT, "srgb", above=0)
            if strips is not None:
                _check(strips)
        except ImpastoError as error:
            assert "ends early or is damaged" in str(error)


def _many(count: int, seed: int, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    streams = find_spec("pyvips") is not None
    for number, (name, data) in enumerate(islice(_mutants(seed), count)):
        stripped = streams and name in _STREAMED and number % 3 == 0
        _opens_or_refuses(data, folder / "file" if stripped else None)
    assert capfd.readouterr() == ("", "")


def test_2000_damaged_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _many(2_000, 1, tmp_path, capfd)


@pytest.mark.soak
def test_10000_damaged_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _many(10_000, 2, tmp_path, capfd)


@settings(max_examples=100)
@given(kind=st.sampled_from(list(_SAMPLES)), tail=st.binary(max_size=200), head=st.integers(2, 40))
def test_nonsense_behind_a_right_beginning(kind: str, tail: bytes, head: int) -> None:
    _opens_or_refuses(_SAMPLES[kind][:head] + tail)


def test_broken_tiffs_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    data = _SAMPLES["LZW"]
    for at in range(8, len(data), 7):
        _opens_or_refuses(data[:at] + b"\xff\xff" + data[at + 2 :])
        _opens_or_refuses(data[:at])
    assert capfd.readouterr() == ("", "")
