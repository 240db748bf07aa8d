"""How a data set is laid out: which of its files are pictures, and where their labels are."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from impasto.batch.coco import Coco
from impasto.batch.copies import Copy
from impasto.batch.folders import pictures_in
from impasto.batch.yolo import Yolo
from impasto.errors import UsageError


class Layout(Protocol):
    """A data set whose labels can be kept beside painted copies; paths are within it."""

    name: str
    pictures: list[Path]

    def found(self) -> bool:
        """Return whether the data set is laid out so."""

    def check(self) -> None:
        """Raise UsageError, before any work, for what could not be written."""

    def size_of(self, picture: Path) -> tuple[int, int] | None:
        """Return the height and width that the labels of a picture are of, if they say so."""

    def write(self, output: Path, copies: Sequence[Copy], keep_originals: bool) -> None:
        """Write the labels of the copies."""


class ImageFolder:
    """Pictures in folders, whose names are the labels, or without labels."""

    name = "imagefolder"

    def __init__(self, root: Path, skip: Sequence[Path]) -> None:
        self.pictures = [path.relative_to(root) for path in pictures_in(root, skip)]

    def found(self) -> bool:
        """Return true: any folder is one."""
        return True

    def check(self) -> None:
        """There is nothing to write."""

    def size_of(self, picture: Path) -> None:
        """A label of the whole picture holds for any size."""

    def write(self, output: Path, copies: Sequence[Copy], keep_originals: bool) -> None:
        """The folders are the labels."""


# In the order in which they are tried: any folder is the last one.
LAYOUTS: dict[str, Callable[[Path, Sequence[Path]], Layout]] = {
    "coco": Coco,
    "yolo": Yolo,
    "imagefolder": ImageFolder,
}
MISSING = {
    "coco": "There is no JSON file with images",
    "yolo": "There is no picture with a text file of boxes",
}


def open_layout(root: Path, labels: str, skip: Sequence[Path] = ()) -> Layout:
    """Return the layout of a data set: the one that is named, or with ``auto`` the first that fits.

    Raises UsageError where there are no pictures, or no labels of the kind that was named.
    """
    if not root.is_dir():
        raise UsageError(f'The data set "{root}" is not a folder. Name the folder of its pictures.')
    for name in LAYOUTS if labels == "auto" else (labels,):
        layout = LAYOUTS[name](root, skip)
        if layout.found():
            break
    else:
        raise UsageError(f'{MISSING[labels]} in "{root}". Leave --labels at auto, or correct it.')
    if not layout.pictures:
        raise UsageError(f'There is no picture in the data set "{root}".')
    layout.check()
    return layout
