"""A description of a prepared data set that other programs read: Croissant 1.0, a kind of JSON-LD.

MLCommons, docs.mlcommons.org/croissant/docs/croissant-spec.html (2024).
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from impasto.training.data.check import NOT_STATED
from impasto.training.data.manifest import MANIFEST, lines_of
from impasto.weights.files import sha256_of

CROISSANT = "croissant.json"

CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "sc": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
# Columns of the manifest that every picture has.
COLUMNS = {
    "file": "sc:Text",
    "split": "sc:Text",
    "group": "sc:Text",
    "sha256": "sc:Text",
    "width": "sc:Integer",
    "height": "sc:Integer",
    "shard": "sc:Text",
    "offset": "sc:Integer",
    "stored_bytes": "sc:Integer",
}


def croissant(folder: Path, shards: Sequence[str], lines: Sequence[Mapping[str, Any]]) -> bytes:
    """Describe shards in a folder and the lines of its manifest; as JSON text."""
    licences = sorted({str(line.get("licence", NOT_STATED)) for line in lines})
    manifest = sha256_of(b"".join(lines_of(lines)))

    described = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": folder.resolve().name,
        "description": f"{len(lines)} pictures in sRGB, prepared by Impasto to train networks.",
        "license": licences[0] if len(licences) == 1 else licences,
        "distribution": [
            _file(MANIFEST, "application/jsonlines", manifest),
            *(_file(name, "application/x-tar", sha256_of(folder / name)) for name in shards),
            {
                "@type": "cr:FileSet",
                "@id": "pictures",
                "name": "pictures",
                "containedIn": [{"@id": name} for name in shards],
                "encodingFormat": "image/jpeg",
                "includes": "*.jpg",
            },
        ],
        "recordSet": [_manifest(), _pictures()],
    }
    text = json.dumps(described, indent=2, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace") + b"\n"


def _file(name: str, encoding: str, digest: str) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": name,
        "name": name,
        "contentUrl": name,
        "encodingFormat": encoding,
        "sha256": digest,
    }


def _manifest() -> dict[str, Any]:
    source = {"fileObject": {"@id": MANIFEST}}
    fields = [
        _field("records", name, kind, source | {"extract": {"column": name}})
        for name, kind in COLUMNS.items()
    ]
    return {"@type": "cr:RecordSet", "@id": "records", "name": "records", "field": fields}


def _pictures() -> dict[str, Any]:
    source = {"fileSet": {"@id": "pictures"}}
    fields = [
        _field("images", "name", "sc:Text", source | {"extract": {"fileProperty": "filename"}}),
        _field(
            "images", "image", "sc:ImageObject", source | {"extract": {"fileProperty": "content"}}
        ),
    ]
    return {"@type": "cr:RecordSet", "@id": "images", "name": "images", "field": fields}


def _field(record: str, name: str, kind: str, source: Mapping[str, Any]) -> dict[str, Any]:
    known = {"@type": "cr:Field", "@id": f"{record}/{name}", "name": name, "dataType": kind}
    return known | {"source": source}
