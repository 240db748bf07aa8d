"""Which files of a folder are pictures to paint: at any depth, but no outputs of our own."""

from collections.abc import Collection, Iterator
from pathlib import Path

from impasto.images.folders import files_in
from impasto.provenance.disclosure import read_disclosure
from impasto.styles.words import PICTURE_SUFFIXES


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
