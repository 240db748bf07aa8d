"""The pictures of an evaluation: photos and paintings with names that no two of them share."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from impasto.errors import PictureError
from impasto.evaluation.similarity import Picture
from impasto.images.resize import resize
from impasto.images.samples import to_floats, to_samples
from impasto.images.source import open_picture
from impasto.styles.words import kebab
from impasto.weights.files import sha256_of


@dataclass(frozen=True)
class Exhibit:
    """A picture file; its name is that of files in the report, so it is kebab-case."""

    name: str
    path: Path
    sha256: str

    def pixels(self, long_side: int) -> Picture:
        """Return the picture, uint8 H W 3, reduced to a long side but never enlarged."""
        return to_picture(open_picture(self.path).thumbnail(long_side))


def exhibits(paths: Iterable[Path]) -> list[Exhibit]:
    """Return picture files with their names, in their order; those of equal names get numbers.

    Raises PictureError where a file cannot be read.
    """
    found: dict[str, Exhibit] = {}
    for path in paths:
        name, number = kebab(path.stem), 1
        while name in found:
            number += 1
            name = f"{kebab(path.stem)}-{number}"
        try:
            found[name] = Exhibit(name, path, sha256_of(path))
        except OSError as error:
            raise PictureError(f'"{path}" cannot be read: {error.strerror or error}.') from error
    return list(found.values())


def to_picture(floats: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> Picture:
    """Return a picture of floats in [0, 1] as uint8, H W 3."""
    return np.asarray(to_samples(floats, 8), np.uint8)


def resized(picture: Picture, height: int, width: int) -> Picture:
    """Return a picture at another size."""
    if picture.shape[:2] == (height, width):
        return picture
    return to_picture(resize(to_floats(picture), height, width))
