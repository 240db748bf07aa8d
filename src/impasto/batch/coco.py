"""Annotations of COCO: JSON files with images and annotations, which refer to each other by id.

Boxes and masks are pixels of the picture set upright. Where an entry gives another size, its labels
are of another picture, or of the pixels as stored: the picture is refused rather than mislabelled.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path, PurePosixPath
from typing import Any

from impasto.batch.copies import Copy
from impasto.errors import UsageError
from impasto.images.folders import files_in
from impasto.weights.files import write_atomically

ELSEWHERE = ("coco_url", "flickr_url")  # where the unpainted picture is

Entry = dict[str, Any]


class Coco:
    """A data set with COCO annotations, in one file or several, as for train and val."""

    name = "coco"

    def __init__(self, root: Path, skip: Sequence[Path]) -> None:
        self._root = root
        self._places = _Places(root, skip)
        self._sizes: dict[Path, tuple[int, int]] = {}
        self._files: list[Path] = []
        self._free_id = 1  # the first that no image of any file has
        for path in files_in(root, skip):
            if path.suffix.lower() == ".json" and (entries := _images(path)) is not None:
                self._read(path, entries)
        self.pictures = sorted(self._sizes)

    def _read(self, file: Path, entries: Sequence[Entry]) -> None:
        self._files.append(file)
        for entry in entries:
            picture = self._places.find(file, entry["file_name"])
            size = _number(entry.get("height")), _number(entry.get("width"))
            self._sizes[picture] = size if all(size) else self._sizes.get(picture, (0, 0))
            self._free_id = max(self._free_id, _number(entry["id"]) + 1)

    def found(self) -> bool:
        """Return whether there is a file of annotations."""
        return bool(self._files)

    def check(self) -> None:
        """Every entry has found its picture already."""

    def size_of(self, picture: Path) -> tuple[int, int] | None:
        """Return the height and width that the labels of a picture are of, if they say so."""
        size = self._sizes[picture]
        return size if all(size) else None

    def write(self, output: Path, copies: Sequence[Copy], keep_originals: bool) -> None:
        """Write every file of annotations, with an entry and annotations of its own for each copy.

        Ids of images are unique over all files, and one copy has the same id in each.
        """
        rank = {picture: number for number, picture in enumerate(self.pictures)}
        each = max((copy.number for copy in copies), default=1)
        made: dict[Path, list[tuple[int, Copy]]] = defaultdict(list)
        for copy in copies:
            number = self._free_id + rank[copy.source] * each + copy.number - 1
            made[copy.source].append((number, copy))
        for file in self._files:
            self._write(file, output, made, keep_originals)

    def _write(
        self,
        file: Path,
        output: Path,
        made: Mapping[Path, list[tuple[int, Copy]]],
        keep_originals: bool,
    ) -> None:
        data: Entry = json.loads(file.read_bytes())
        copies = {
            entry["id"]: made.get(self._places.find(file, entry["file_name"]), [])
            for entry in data["images"]
        }
        painted = {"images": _painted_images(data["images"], copies)}
        if "annotations" in data:
            painted["annotations"] = _painted_annotations(data["annotations"], copies)
        lists = {
            key: chain(data[key] if keep_originals else (), entries)
            for key, entries in painted.items()
        }
        write_atomically(output / file.relative_to(self._root), _json(data, lists))


def _painted_images(
    images: Iterable[Entry], copies: Mapping[Any, list[tuple[int, Copy]]]
) -> Iterator[Entry]:
    for entry in images:
        kept = {key: value for key, value in entry.items() if key not in ELSEWHERE}
        for number, copy in copies[entry["id"]]:
            name = PurePosixPath(entry["file_name"]).with_name(copy.output.name)
            yield {**kept, "id": number, "file_name": str(name)}


def _painted_annotations(
    annotations: Sequence[Entry], copies: Mapping[Any, list[tuple[int, Copy]]]
) -> Iterator[Entry]:
    free = max((_number(one.get("id")) for one in annotations), default=0) + 1
    for one in annotations:
        for number, _ in copies.get(one.get("image_id"), ()):
            own = {"id": free} if "id" in one else {}  # those of panoptic files have none
            yield {**one, **own, "image_id": number}
            free += 1


def _json(data: Entry, lists: Mapping[str, Iterable[Entry]]) -> Iterator[bytes]:
    """Give an object as JSON, an entry of the long lists at a time: they may be gigabytes."""
    for place, (key, value) in enumerate(data.items()):
        yield (",\n" if place else "{").encode() + json.dumps(key).encode() + b":"
        if key not in lists:
            yield json.dumps(value).encode()
            continue
        yield b"["
        for number, entry in enumerate(lists[key]):
            yield (",\n" if number else "\n").encode() + json.dumps(entry).encode()
        yield b"]"
    yield b"}\n"


def _images(path: Path) -> list[Entry] | None:
    """Return the images of a file of annotations, or None where it is another JSON file.

    Raises UsageError, before any work, for annotations that could not be written.
    """
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    images = data.get("images") if isinstance(data, dict) else None
    if not isinstance(images, list) or not all(map(_is_image, images)):
        return None
    labels = data.get("annotations", [])
    if not isinstance(labels, list) or not all(map(_is_annotation, labels)):
        raise UsageError(
            f'The annotations of "{path}" are not as COCO has them: a list of objects, each with '
            "the image_id of its picture. Correct the file, or move it out of the data set."
        )
    return images


def _is_image(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    return isinstance(entry.get("file_name"), str) and isinstance(entry.get("id"), int | str)


def _is_annotation(entry: object) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get("image_id"), int | str)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


class _Places:
    """Finds the pictures that annotations name, often without saying in which folder they are."""

    def __init__(self, root: Path, skip: Sequence[Path]) -> None:
        self._root = root
        self._by_name: dict[str, list[Path]] = defaultdict(list)
        for path in files_in(root, skip):
            self._by_name[path.name].append(path.relative_to(root))

    def find(self, file: Path, name: str) -> Path:
        """Return the picture of an entry, within the data set; raise UsageError if in doubt."""
        wanted = PurePosixPath(name)
        fits = [
            path
            for path in self._by_name[wanted.name]
            if path.parts[-len(wanted.parts) :] == wanted.parts
        ]
        beside = file.parent.relative_to(self._root) / wanted
        if beside in fits:
            return beside
        # instances_train2017.json speaks of the pictures in train2017.
        likely = [path for path in fits if path.parent.name and path.parent.name in file.stem]
        fits = likely or fits
        if len(fits) == 1:
            return fits[0]
        problem = "is not in the data set" if not fits else "is there in several folders"
        raise UsageError(
            f'The picture "{name}" of "{file}" {problem}. '
            "Let file_name say the folder too, as train/photo.jpg"
        )
