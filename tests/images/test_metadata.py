"""EXIF is passed on without the place, and whole in what remains."""

import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from impasto.images.metadata import Metadata, exif_dpi, exif_of, exif_tags, kept_exif
from impasto.images.sink import create_picture
from impasto.images.source import open_picture
from impasto.images.window import Strip

# Of full_exif; they stand for nothing else in a file, so their bytes can be looked for.
SECRETS = (b"SERIAL-4711", b"MAKERNOTE", b"2026:07:14-GPS", b"THUMBNAIL", b"COMMENT-OF-USER")
GPS = 34853


def photo(kind: str, exif: Image.Exif) -> Image.Image:
    """Return an opened photo with this EXIF."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, kind, exif=exif.tobytes())
    assert kind == "AVIF" or all(secret in file.getvalue() for secret in SECRETS)
    image = Image.open(file)
    image.load()
    return image


def assert_kept(exif: Image.Exif) -> None:
    """Compare with what the photo said of camera, date and author, and see that no more is said."""
    assert [exif[tag] for tag in (271, 272, 274, 315)] == ["Canon", "EOS R5", 1, "Jane Doe"]
    assert exif[33432] == "(c) Jane Doe" and exif[306] == "2026:07:14 10:20:30"
    details = exif.get_ifd(34665)
    assert details[36867] == "2026:07:14 10:20:30" and details[42036] == "RF24-105mm"
    assert float(details[33434]) == 0.008 and details[34855] == 400
    assert [float(value) for value in details[42034]] == [24, 105, 4, 4]
    assert GPS not in exif and not exif.get_ifd(GPS)
    assert not {42033, 37500, 37510, 37121} & details.keys()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_camera_date_and_author_are_kept_and_the_place_is_not(
    kind: str, full_exif: Image.Exif
) -> None:
    kept = kept_exif(photo(kind, full_exif))
    assert kept is not None and not any(secret in kept for secret in SECRETS)
    found = Image.Exif()
    found.load(kept)
    assert_kept(found)


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "tif"])
@pytest.mark.parametrize("depth", [8, 16])
def test_every_format_holds_it_and_none_holds_the_place(
    tmp_path: Path, suffix: str, depth: int, full_exif: Image.Exif
) -> None:
    path = tmp_path / f"out.{suffix}"
    for exif in (kept_exif(photo("JPEG", full_exif)), full_exif.tobytes()):
        kept = Metadata(exif=exif, dpi=(300, 300))
        sink = create_picture(path, 8, 8, depth=depth, kept=kept, overwrite=True)
        sink.write([Strip(np.zeros((8, 8, 3), np.uint8))])
        assert not any(secret in path.read_bytes() for secret in SECRETS)
        with Image.open(path) as image:
            exif_found = image.getexif()
            exif_found.setdefault(274, 1)  # AVIF says this in a place of its own
            assert_kept(exif_found)


def test_texts_keep_their_bytes() -> None:
    exif = Image.Exif()
    exif[315] = "J\u00e9r\u00f4me".encode()
    kept = kept_exif(photo_without_secrets(exif))
    assert kept is not None and "Jérôme".encode() in kept


def photo_without_secrets(exif: Image.Exif) -> Image.Image:
    """Return an opened photo."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "JPEG", exif=exif.tobytes())
    return Image.open(file)


def test_big_endian_is_understood(full_exif: Image.Exif) -> None:
    full_exif.endian = ">"
    assert full_exif.tobytes()[6:8] == b"MM"
    found = Image.Exif()
    found.load(exif_of(Metadata(exif=full_exif.tobytes())) or b"")
    assert_kept(found)


def test_without_anything_to_keep_there_is_none(full_exif: Image.Exif) -> None:
    assert kept_exif(Image.new("RGB", (8, 8))) is None
    turned = Image.Exif()
    turned[274] = 6
    assert kept_exif(photo_without_secrets(turned)) is None
    assert exif_of(Metadata()) is None
    assert exif_of(Metadata(dpi=(300, 300))) is None


def test_the_resolution_goes_into_exif_where_asked() -> None:
    exif = exif_of(Metadata(dpi=(300, 72.5)), dpi=True)
    found = Image.Exif()
    found.load(exif or b"")
    assert (found[282], found[283], found[296]) == (300, 72.5, 2)
    assert exif_dpi(exif) == (300, 72.5)


def test_dots_a_centimeter_are_understood() -> None:
    exif = Image.Exif()
    exif[282], exif[283], exif[296] = 100.0, 50.0, 3
    assert exif_dpi(exif.tobytes()) == (254, 127)
    for unit in (1, 9):
        exif[296] = unit
        assert exif_dpi(exif.tobytes()) is None
    assert exif_dpi(None) is None and exif_dpi(b"Exif\0\0II*\0") is None


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "tif", "bmp"])
def test_the_resolution_comes_back(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    sink = create_picture(path, 8, 8, kept=Metadata(dpi=(300, 150)))
    sink.write([Strip(np.zeros((8, 8, 3), np.uint8))])
    assert np.allclose(open_picture(path).metadata.dpi or (0, 0), (300, 150), atol=0.02)


@settings(max_examples=300)
@given(data=st.data())
def test_broken_exif_is_dropped_and_never_raises(data: st.DataObject) -> None:
    exif = Image.Exif()
    exif[271] = "Canon"
    exif[34665] = {36867: "2026:07:14 10:20:30"}
    broken = bytearray(exif.tobytes())
    for _ in range(data.draw(st.integers(1, 5))):
        broken[data.draw(st.integers(6, len(broken) - 1))] = data.draw(st.integers(0, 255))
    broken = broken[: data.draw(st.integers(0, len(broken)))]
    for exif_bytes in (bytes(broken), data.draw(st.binary(max_size=64))):
        exif_tags(exif_bytes)
        exif_dpi(exif_bytes)
