"""Disclosure: every output says in its XMP that a trained network made it, and how.

The packet names the IPTC digital source type, the tool and its settings as JSON. XMP packets
are made to be found by scanning a file for their marker, so reading needs no decoder and works
alike for JPEG, PNG, WebP, AVIF, TIFF and sidecars.
"""

import json
import mmap
from collections.abc import Iterator, Mapping
from html import escape  # not of xml.sax, which loads urllib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
COMPOSITE = "compositeWithTrainedAlgorithmicMedia"

_IPTC = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
_XMP = "http://ns.adobe.com/xap/1.0/"
_IMPASTO = "https://impasto.dev/ns/1.0/"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_BEGIN, _END = b"<?xpacket begin=", b"<?xpacket end="
_MAX_PACKET = 16 << 20

_PACKET = f"""\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="{_RDF}">
  <rdf:Description rdf:about=""
    xmlns:Iptc4xmpExt="{_IPTC}" xmlns:xmp="{_XMP}" xmlns:impasto="{_IMPASTO}">
   <Iptc4xmpExt:DigitalSourceType>%s</Iptc4xmpExt:DigitalSourceType>
   <xmp:CreatorTool>%s</xmp:CreatorTool>
   <impasto:settings>%s</impasto:settings>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def disclosure(
    settings: Mapping[str, object], *, version: str, source_type: str = COMPOSITE
) -> bytes:
    """Return the XMP packet, UTF-8, that discloses how a picture was made.

    Args:
        settings: what to record; values that JSON does not know are recorded as their text.
        version: of Impasto.
        source_type: a term of IPTC's digital source types, for instance
            ``algorithmicallyEnhanced`` where no trained network took part.

    >>> b"compositeWithTrainedAlgorithmicMedia" in disclosure({"strength": 1}, version="1.0")
    True
    """
    # JSON in ASCII: escapes control characters and lone surrogates, which XML cannot hold.
    record = json.dumps(settings, default=str, ensure_ascii=True)
    values = (SOURCE_TYPES + source_type, f"Impasto {version}", record)
    return (_PACKET % tuple(escape(value, quote=False) for value in values)).encode("utf-8")


def read_disclosure(path: str | Path) -> dict[str, Any] | None:
    """Return what a picture discloses, or None where it says nothing that can be read.

    Looks into the file, then into its sidecar (the name with ``.xmp`` added). The keys are
    ``source_type`` (the IPTC term), ``tool`` and ``settings`` (empty for other tools' pictures).
    Packets with a document type are refused, so no entity is ever expanded.
    """
    path = Path(path)
    for place in (path, path.with_name(path.name + ".xmp")):
        for packet in _packets(place):
            if found := _parse(packet):
                return found
    return None


def _packets(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            begin = data.find(_BEGIN)
            while begin >= 0:
                end = data.find(_END, begin, begin + _MAX_PACKET)
                if end >= 0:
                    yield data[begin:end]
                begin = data.find(_BEGIN, begin + 1)
    except (OSError, ValueError):  # no such file, or an empty one, which cannot be mapped
        return


def _parse(packet: bytes) -> dict[str, Any] | None:
    if b"<!DOCTYPE" in packet or b"<!ENTITY" in packet:
        return None
    try:
        tree = ElementTree.fromstring(packet.decode("utf-8"))
        source_type = _value(tree, _IPTC, "DigitalSourceType")
        settings = json.loads(_value(tree, _IMPASTO, "settings") or "{}")
    except (ElementTree.ParseError, ValueError, RecursionError):
        return None
    if not source_type:
        return None
    return {
        "source_type": source_type.removeprefix(SOURCE_TYPES),
        "tool": _value(tree, _XMP, "CreatorTool"),
        "settings": settings if isinstance(settings, dict) else {},
    }


def _value(tree: ElementTree.Element, namespace: str, name: str) -> str:
    """Find a property, which XMP allows as an element or as an attribute."""
    key = f"{{{namespace}}}{name}"
    for element in tree.iter():
        if element.tag == key:
            return (element.text or "").strip()
        if key in element.attrib:
            return element.attrib[key]
    return ""
