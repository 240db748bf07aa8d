"""Which files of a folder are pictures to paint: at any depth, but no outputs of our own."""

import os
from collections import deque
from collections.abc import Collection, Iterator
from pathlib import Path

from impasto.provenance.disclosure import read_disclosure
from impasto.styles.words import PICTURE_SUFFIXES


def files_in(folder: Path, skip: Collection[Path] = ()) -> Iterator[Path]:
    """Give every file at any depth, sorted within each folder; hidden ones are left out.

    Linked folders are followed after all others and each folder is entered once, so loops end.
    The folders of `skip` are not entered, but for `folder` itself.
    """
    seen = {os.path.realpath(one) for one in skip} - {os.path.realpath(folder)}
    waiting = deque([str(folder)])
    while waiting:
        for place, below, names in os.walk(waiting.popleft()):
            real = os.path.realpath(place)
            if real in seen:
                below.clear()
                continue
            seen.add(real)
            below[:] = sorted(name for name in below if not name.startswith("."))
            inside = [os.path.join(place, name) for name in below]
            waiting.extend(path for path in inside if os.path.islink(path))
            yield from (Path(place, name) for name in sorted(names) if not name.startswith("."))


def pictures_in(folder: Path, skip: Collection[Path] = ()) -> Iterator[Path]:
    """Give the files that are pictures by their suffix and that Impasto did not paint."""
    for path in files_in(folder, skip):
        if path.suffix.lower() in PICTURE_SUFFIXES and path.is_file() and not is_painted(path):
            yield path


def is_painted(path: Path) -> bool:
    """Return whether a picture is a painting of ours: by its name first, then by what it discloses.

    Paintings are called photo.starry-night.jpg: only a file with such a dot is looked into.
    """
    if not Path(path.stem).suffix:
        return False
    told = read_disclosure(path)
    return told is not None and str(told["tool"]).startswith("Impasto ")
