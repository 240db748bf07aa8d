"""What a picture discloses comes back from every format, whatever the settings hold."""

import io
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from impasto.images.sink import create_picture
from impasto.images.window import Strip
from impasto.provenance.disclosure import disclosure, read_disclosure

SETTINGS = {"style": [["starry-night", 0.6], ["Ü 浪 🌊", 0.4]], "strength": 0.8, "seed": None}
HOSTILE = "]]> & <a b='\"'> <!DOCTYPE x> <?xpacket end= \x00\x07\x1b\x7f \ud800 \uffff \u2028"


def sidecar(folder: Path, packet: bytes) -> Path:
    """Return the path of a picture with this packet beside it."""
    (folder / "out.gif.xmp").write_bytes(packet)
    return folder / "out.gif"


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "tif", "bmp", "gif"])
@pytest.mark.parametrize("depth", [8, 16])
def test_every_format_carries_it(tmp_path: Path, suffix: str, depth: int) -> None:
    path = tmp_path / f"out.{suffix}"
    packet = disclosure(SETTINGS, version="1.2.3")
    pixels = np.random.default_rng(0).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    sink = create_picture(path, 16, 16, metadata=packet, depth=depth)
    sink.write(Strip(row[None]) for row in pixels)
    assert read_disclosure(path) == {
        "source_type": "compositeWithTrainedAlgorithmicMedia",
        "tool": "Impasto 1.2.3",
        "settings": SETTINGS,
    }


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "avif", "tif"])
def test_other_software_finds_it_where_the_format_puts_xmp(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"out.{suffix}"
    packet = disclosure(SETTINGS, version="1")
    sink = create_picture(path, 16, 16, metadata=packet)
    sink.write([Strip(np.zeros((16, 16, 3), np.uint8))])
    with Image.open(path) as image:
        assert image.info["xmp"] == packet


def test_the_packet_names_the_iptc_term() -> None:
    packet = disclosure({}, version="1", source_type="algorithmicallyEnhanced").decode()
    term = "http://cv.iptc.org/newscodes/digitalsourcetype/algorithmicallyEnhanced"
    assert f"<Iptc4xmpExt:DigitalSourceType>{term}</" in packet
    ElementTree.fromstring(packet)


def test_hostile_text_comes_back_unharmed(tmp_path: Path) -> None:
    packet = disclosure({HOSTILE: HOSTILE}, version="1")
    found = read_disclosure(sidecar(tmp_path, packet))
    assert found is not None and found["settings"] == {HOSTILE: HOSTILE}


@settings(max_examples=100)
@given(text=st.text(st.characters(exclude_categories=())))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = sidecar(tmp_path_factory.mktemp("any"), disclosure({"text": text}, version="1"))
    found = read_disclosure(path)
    assert found is not None and found["settings"] == {"text": text}


def test_values_that_json_does_not_know_become_text(tmp_path: Path) -> None:
    packet = disclosure({"output": Path("a.png")}, version="1")
    found = read_disclosure(sidecar(tmp_path, packet))
    assert found is not None and found["settings"] == {"output": "a.png"}


def test_other_tools_are_understood(tmp_path: Path) -> None:
    # Attributes instead of elements, as the XMP specification allows.
    packet = """<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
    <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description
    xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" e:DigitalSourceType=
    "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"/></rdf:RDF>
    <?xpacket end="w"?>"""
    found = read_disclosure(sidecar(tmp_path, packet.encode()))
    assert found == {"source_type": "trainedAlgorithmicMedia", "tool": "", "settings": {}}


def test_pictures_without_disclosure_say_nothing(tmp_path: Path) -> None:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "JPEG", xmp=b'<?xpacket begin=""?><x/><?xpacket end="w"?>')
    (tmp_path / "out.jpg").write_bytes(file.getvalue())
    (tmp_path / "empty.jpg").touch()
    for name in ("out.jpg", "empty.jpg", "missing.jpg", "."):
        assert read_disclosure(tmp_path / name) is None


def test_entities_are_never_expanded(tmp_path: Path) -> None:
    packet = disclosure({}, version="&attack;").decode().replace("&amp;attack;", "&attack;")
    bomb = '<!DOCTYPE x [<!ENTITY attack "boom">]>'
    armed = packet.replace("<x:xmpmeta", bomb + "<x:xmpmeta", 1)
    assert read_disclosure(sidecar(tmp_path, armed.encode())) is None
    utf16 = b'<?xpacket begin="' + armed.encode("utf-16") + b'<?xpacket end="w"?>'
    assert read_disclosure(sidecar(tmp_path, utf16)) is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("</rdf:RDF>", ""), ("{}", "{"), ("{}", "[" * 100_000), ("1.0.0", "\x00"), ("{}", "\xff")],
)
def test_broken_packets_say_nothing(tmp_path: Path, old: str, new: str) -> None:
    packet = disclosure({}, version="1.0.0").replace(old.encode(), new.encode("latin-1"))
    assert read_disclosure(sidecar(tmp_path, packet)) is None


def test_settings_that_are_no_mapping_are_dropped(tmp_path: Path) -> None:
    found = read_disclosure(
        sidecar(tmp_path, disclosure({}, version="1").replace(b">{}<", b">[1]<"))
    )
    assert found is not None and found["settings"] == {}
