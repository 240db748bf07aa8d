"""One picture file, looked at: its size, hash, look and measures, or what is wrong with it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from impasto.catalog.attributes import Attributes, measure
from impasto.catalog.likeness import Look, look_at
from impasto.errors import PictureError, TruncatedPicture
from impasto.images.guard import kind_of
from impasto.images.source import open_picture
from impasto.weights.files import sha256_of

Kind = Literal[
    "broken", "truncated", "tiny", "uniform", "mislabelled", "other kind", "duplicate", "near"
]
SUFFIX_KINDS = {".JPG": "JPEG", ".TIF": "TIFF"}
THUMBNAIL = 64


@dataclass(frozen=True)
class Problem:
    """What is wrong with a picture."""

    file: str
    kind: Kind
    text: str


@dataclass(frozen=True)
class Inspection:
    """A picture file as it was found: `look` and `attributes` are None where it is unreadable."""

    file: str  # path within the data set
    sha256: str
    bytes: int
    width: int = 0
    height: int = 0
    look: Look | None = None
    attributes: Attributes | None = None
    problem: Problem | None = None  # with the file alone

    @property
    def pixels(self) -> int:
        """Width by height."""
        return self.width * self.height

    def to_json(self) -> str:
        """Return the inspection as a line of JSON."""
        values = asdict(self)
        if self.look is not None:
            values["look"]["tiles"] = self.look.tiles.hex()
        return json.dumps(values)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> "Inspection":
        """Return the inspection of a line that `to_json` made."""
        look, attributes, problem = (values[key] for key in ("look", "attributes", "problem"))
        return cls(
            **{key: values[key] for key in ("file", "sha256", "bytes", "width", "height")},
            look=look and Look(look["bits"], bytes.fromhex(look["tiles"])),
            attributes=attributes and Attributes(**attributes),
            problem=problem and Problem(**problem),
        )


def inspect(path: Path, file: str, max_pixels: int) -> Inspection:
    """Look at a picture file that `file` is called in the data set."""
    try:
        size, sha256 = path.stat().st_size, sha256_of(path)
    except OSError as error:
        return Inspection(file, "", 0, problem=Problem(file, "broken", f"{error.strerror}."))
    try:
        source = open_picture(path, max_pixels=max_pixels)
        thumbnail = source.thumbnail(THUMBNAIL)
    except PictureError as error:
        kind: Kind = "truncated" if isinstance(error, TruncatedPicture) else "broken"
        return Inspection(file, sha256, size, problem=Problem(file, kind, str(error)))
    return Inspection(
        file, sha256, size, source.width, source.height,
        look_at(thumbnail), measure(thumbnail), _mislabelled(path, file),
    )  # fmt: skip


def _mislabelled(path: Path, file: str) -> Problem | None:
    with path.open("rb") as opened:
        found = kind_of(opened.read(32))
    suffix = path.suffix.upper()
    if found is None or found == SUFFIX_KINDS.get(suffix, suffix[1:]):
        return None
    return Problem(
        file, "mislabelled", f"It is a {found} file, but is called {path.suffix}. Rename it."
    )
