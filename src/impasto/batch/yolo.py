"""Labels of YOLO: a text file for each picture, in ``labels`` where that lies in ``images``.

Boxes, polygons and key points are shares of width and height, of the picture set upright; painting
moves nothing, so they are copied as they are.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from impasto.batch.copies import Copy
from impasto.batch.folders import pictures_in
from impasto.errors import UsageError
from impasto.images.folders import files_in
from impasto.weights.files import write_atomically

DESCRIPTIONS = (".yaml", ".yml", ".names")
CLASSES = "classes.txt"
ROW = re.compile(r"\d+(\s+-?[\d.]+(e[+-]?\d+)?){4,}", re.IGNORECASE)
PLACE = re.compile(r"^path\s*:.*$", re.MULTILINE)
LIST = re.compile(r"^(?:train|val|test)\s*:\s*(\S+\.txt)\s*$", re.MULTILINE)


class Yolo:
    """A data set with YOLO labels, in ``images`` and ``labels`` or side by side."""

    name = "yolo"

    def __init__(self, root: Path, skip: Sequence[Path]) -> None:
        self._root, self._skip = root, skip
        self.pictures = [path.relative_to(root) for path in pictures_in(root, skip)]

    def found(self) -> bool:
        """Return whether there are labels, and the first that is not empty reads like YOLO's."""
        labels = [label for picture in self.pictures if (label := self._label(picture))]
        for label in labels:
            text = (self._root / label).read_text("utf-8", "replace")
            if rows := [row.strip() for row in text.splitlines() if row.strip()]:
                return all(ROW.fullmatch(row) for row in rows)
        return bool(labels)

    def check(self) -> None:
        """Raise UsageError where a description could not be true of the output."""
        for path in self._descriptions():
            described(path)

    def size_of(self, picture: Path) -> None:
        """Shares of width and height hold for any size."""
        return None

    def write(self, output: Path, copies: Sequence[Copy], keep_originals: bool) -> None:
        """Write the labels of the copies under their names, and the description of the data set."""
        for copy in copies:
            if label := self._label(copy.source):
                target = output / label.with_name(f"{copy.output.stem}.txt")
                write_atomically(target, (self._root / label).read_bytes())
                if keep_originals:
                    write_atomically(output / label, (self._root / label).read_bytes())
        for path in self._descriptions():
            write_atomically(output / path.relative_to(self._root), described(path))

    def _descriptions(self) -> list[Path]:
        files = files_in(self._root, self._skip)
        return [one for one in files if one.suffix.lower() in DESCRIPTIONS or one.name == CLASSES]

    def _label(self, picture: Path) -> Path | None:
        parts = list(picture.with_suffix(".txt").parts)
        if "images" in parts[:-1]:
            last = len(parts) - 2 - parts[-2::-1].index("images")
            apart = Path(*parts[:last], "labels", *parts[last + 1 :])
            if (self._root / apart).is_file():
                return apart
        beside = picture.with_suffix(".txt")
        return beside if (self._root / beside).is_file() else None


def described(path: Path) -> bytes:
    """Return a description without its ``path``, which would lead back to the unpainted pictures.

    Without it, places are taken to be within the folder of the description, where they are.
    """
    data = path.read_bytes()
    if path.suffix.lower() == ".names" or path.name == CLASSES:
        return data
    text = data.decode("utf-8", "surrogateescape")
    if listed := LIST.search(text):
        raise UsageError(
            f'"{path}" names its pictures in the list "{listed[1]}". '
            "Name folders of pictures instead, as train: images/train"
        )
    return PLACE.sub("", text).encode("utf-8", "surrogateescape")
